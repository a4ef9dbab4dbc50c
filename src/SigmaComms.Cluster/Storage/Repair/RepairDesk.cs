using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SigmaComms.Cluster.Attachments;
using SigmaComms.Cluster.Storage.Collection;
using SigmaComms.Cluster.Storage.Scrub;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence.Fragments;
using SigmaComms.Persistence.Stripes;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>What repairs, moves, checks and clears the fragments of a node, and what it has found.</summary>
/// <remarks>Reports may be asked for from any thread.</remarks>
internal sealed class RepairDesk
{
    private const int PageLength = 512;

    private readonly ConcurrentDictionary<Digest, long> _checkedTicks = new();
    private readonly ConcurrentDictionary<Digest, long> _scrubbedTicks = new();
    private readonly ConcurrentDictionary<Digest, StorageCheck> _asked = new();
    private readonly ConcurrentDictionary<FragmentId, StoredFragment> _damaged = new();
    private readonly IFragmentShelf _shelf;
    private readonly RepairQueue _queue;
    private readonly TimeProvider _time;
    private long _allCheckedTicks;

    public RepairDesk(
        NodeId self,
        IFragmentShelf shelf,
        Func<NodeId, IFragmentStore?> storeOf,
        Func<PlacementView?> current,
        IVaultLog log,
        IStripeBook book,
        RepairOptions options,
        RepairFigures figures,
        AttachmentAge attachments,
        AttachmentRoom attachmentRoom,
        TimeProvider time,
        ILogger logger)
    {
        (_shelf, _time, Current, Book, Options, Figures) = (shelf, time, current, book, options, figures);
        StripeBuffers buffers = new();
        ByteThrottle throttle = new(options.BytesPerSecond, time);
        FragmentPaths paths = new(self, shelf, storeOf, options.AnswerLimit, time);
        StripeCheck check = new(paths);
        Judge = new FragmentJudge(book, attachments);
        Settled = new SettledView(current, log.CatchUpAsync, options.SettleTime, time);
        _queue = new RepairQueue(figures);
        Round = new RepairRound(
            paths,
            check,
            new StripeRebuild(paths, buffers, throttle, figures),
            new FragmentMove(paths, buffers, throttle, Settled, figures),
            _queue,
            current,
            own => Judge.Judge(own) == FragmentFate.Kept,
            options,
            figures,
            logger);
        Follower = new StripeFollower(log, book, time, logger);
        Collector = new Collector(
            shelf, log, book, Judge, Follower, options.StagedAge, figures, attachmentRoom, time, logger);
        Scrubber = new Scrubber(shelf, book, options, figures, NoteDamaged, time, logger);
    }

    public RepairOptions Options { get; }

    public RepairFigures Figures { get; }

    public IStripeBook Book { get; }

    public Func<PlacementView?> Current { get; }

    public FragmentJudge Judge { get; }

    public SettledView Settled { get; }

    public RepairRound Round { get; }

    public StripeFollower Follower { get; }

    public Collector Collector { get; }

    public Scrubber Scrubber { get; }

    /// <summary>Whether the log has dropped a fragment's stripe, or the time of its attachment is over.</summary>
    public bool IsDropped(FragmentLabel label) =>
        Judge.Judge(new StoredFragment(label, FragmentState.Live, _time.GetUtcNow())) == FragmentFate.Dropped;

    /// <summary>A fragment of this node was found damaged.</summary>
    public void NoteDamaged(StoredFragment own) => _damaged[own.Label.Id] = own;

    /// <summary>Fragments that were found damaged since this was asked last.</summary>
    public IReadOnlyCollection<StoredFragment> TakeDamaged()
    {
        List<StoredFragment> taken = [];
        foreach (FragmentId id in _damaged.Keys)
        {
            if (_damaged.TryRemove(id, out StoredFragment? own))
            {
                taken.Add(own);
            }
        }

        return taken;
    }

    /// <summary>A vault that is to be checked out of turn; null: none.</summary>
    public (Digest Vault, StorageCheck Check)? NextAsked() =>
        _asked.IsEmpty ? null : _asked.Select(asked => (asked.Key, asked.Value)).First();

    /// <summary>A check that was asked for has ended.</summary>
    public void NoteChecked(Digest vault, StorageCheck check, bool isWhole)
    {
        if (isWhole)
        {
            _checkedTicks[vault] = _time.GetUtcNow().UtcTicks;
            if (check == StorageCheck.Content)
            {
                _scrubbedTicks[vault] = _time.GetUtcNow().UtcTicks;
            }
        }

        _asked.TryRemove(new KeyValuePair<Digest, StorageCheck>(vault, check));
    }

    /// <summary>All fragments have been gone through.</summary>
    public void NoteAllChecked() => Interlocked.Exchange(ref _allCheckedTicks, _time.GetUtcNow().UtcTicks);

    /// <summary>What this node has of a vault.</summary>
    /// <param name="ask">The vault, and what is to be looked at now.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Null if the store did not say.</returns>
    public async ValueTask<StorageReport?> ReportAsync(GetStorageReport ask, CancellationToken ct)
    {
        if (ask.Check != StorageCheck.None)
        {
            _asked.AddOrUpdate(ask.Vault, ask.Check, (_, before) => before > ask.Check ? before : ask.Check);
        }

        ulong fragments = 0, bytes = 0, staged = 0, quarantined = 0;
        FragmentLabel? after = null;
        while (true)
        {
            (StoreStatus status, IReadOnlyList<StoredFragment> page) =
                await _shelf.ListVaultAsync(ask.Vault, after, PageLength, ct);
            if (status != StoreStatus.Done)
            {
                return null;
            }

            if (page.Count == 0)
            {
                break;
            }

            foreach (StoredFragment own in page)
            {
                fragments++;
                bytes += (ulong)own.Label.Length;
                staged += Judge.Judge(own) == FragmentFate.Staged ? 1UL : 0;
                quarantined += own.IsLive ? 0UL : 1;
            }

            after = page[^1].Label;
        }

        return new StorageReport
        {
            Fragments = fragments,
            Bytes = bytes,
            Staged = staged,
            Quarantined = quarantined,
            Missing = (ulong)_queue.MissingOf(ask.Vault),
            CheckedUtcTicks = (ulong)Math.Max(
                _checkedTicks.GetValueOrDefault(ask.Vault), Interlocked.Read(ref _allCheckedTicks)),
            ScrubbedUtcTicks = (ulong)Math.Max(
                _scrubbedTicks.GetValueOrDefault(ask.Vault), Scrubber.Mark.EndedTicks),
            IsChecking = _asked.ContainsKey(ask.Vault),
            RepairQueue = (uint)Figures.Queue,
            RebuiltFragments = (ulong)Figures.Rebuilt,
            RebuiltBytes = (ulong)Figures.RebuiltBytes,
        };
    }
}
