using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Transactions;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Client.Vaults.History;

/// <summary>Keeps a vault's log short: snapshots, and what nobody needs any more.</summary>
/// <remarks>Safe to call from any thread.</remarks>
public sealed class VaultHistory
{
    private const int EntriesMax = 10_000;
    private const long BytesMax = 32L << 20;
    private const int RoundsMax = 256;

    private static readonly TimeSpan LeftBehindAfter = TimeSpan.FromHours(24);

    private readonly VaultCore _core;
    private readonly CommitDesk _desk;

    internal VaultHistory(VaultCore core, CommitDesk desk)
    {
        _core = core;
        _desk = desk;
    }

    /// <summary>
    /// Stores the whole state, so that nobody has to read the log from its beginning. The owner then drops the entries
    /// before it.
    /// </summary>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The place in the log that the snapshot shows.</returns>
    /// <exception cref="VaultException">It could not be stored.</exception>
    public async Task<LogPosition> SnapshotAsync(CancellationToken cancellation)
    {
        LogPosition at = await _core.WithSessionAsync(session => SnapshotAsync(session, cancellation), cancellation);
        await _core.RememberAsync(cancellation);
        return at;
    }

    /// <summary>
    /// Lets go of files that a process of this device left behind without a name more than a day ago, and tells nodes
    /// of stripes that nothing refers to any more.
    /// </summary>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many files, and how many stripes.</returns>
    /// <exception cref="VaultException">The log cannot be written.</exception>
    public async Task<(int Files, int Stripes)> CleanUpAsync(CancellationToken cancellation)
    {
        int files = 0;
        Change change = new(VaultPath.Root, state =>
        {
            List<ulong> left = LeftBehind(state);
            files = left.Count;
            return [.. left.Select(inode => new Release(inode))];
        });
        await _core.LookAsync(static _ => true, cancellation);
        await _desk.CommitAsync(change, cancellation);
        int stripes = await _core.LookAsync(static state => state.Released.Count, cancellation);
        int unnamed = await NameReleasedAsync(cancellation);
        await _core.RememberAsync(cancellation);
        return (files, stripes - unnamed);
    }

    /// <summary>Tells nodes of stripes that nothing refers to: every entry has room for some of them.</summary>
    /// <returns>How many there still are.</returns>
    internal async Task<int> NameReleasedAsync(CancellationToken ct)
    {
        Change NewTouch() => new(VaultPath.Root, state => state.Released.Count == 0
            ? []
            : [new SetAttributes(NamespaceLimits.Root, AttributeFields.None, default, 0, 0, _core.Now)]);

        int left = await _core.LookAsync(static state => state.Released.Count, ct);
        for (int round = 0; left > 0 && round < RoundsMax; round++)
        {
            await _desk.CommitAsync(NewTouch(), ct);
            left = await _core.LookAsync(static state => state.Released.Count, ct);
        }

        return left;
    }

    /// <summary>Makes a snapshot if one is due and this device may trim the log; failing does no harm.</summary>
    internal async Task KeepShortAsync(CancellationToken ct)
    {
        bool isDue = _core.Log.Entries >= EntriesMax || _core.Log.Bytes >= BytesMax;
        if (!isDue || _core.Session.Header?.Owner != _core.Writer)
        {
            return;
        }

        try
        {
            await SnapshotAsync(ct);
        }
        catch (VaultException)
        {
            // The next change tries again; before the log is full there is room for many tries.
        }
    }

    private async Task<LogPosition> SnapshotAsync(VaultSession session, CancellationToken ct)
    {
        await _core.FollowAsync(session, ct);
        List<ulong> former = [.. Unnamed(session.State).Where(inode => IsSnapshot(session.State, inode))];
        CommitResult result = await _core.ResolvedAsync(session, await session.SnapshotAsync(ct), ct);
        if (!result.Succeeded || session.Snapshot is not { } notice)
        {
            throw result.Succeeded ? VaultErrors.Of(LogStatus.Unreachable, _core.Name)
                : VaultErrors.Of(result, _core.Name);
        }

        _core.Log.Reset();
        if (former.Count > 0)
        {
            VaultTransaction release = session.Begin();
            release.TryAddAll([.. former.Select(inode => new Release(inode))]);
            await session.CommitAsync(release, ct);
        }

        if (_core.RequireOpen(session).Header.Owner == _core.Writer)
        {
            LogStatus trimmed = await _core.Options.Log.TrimAsync(_core.Vault, notice.At.Count, ct);
            if (trimmed != LogStatus.Done)
            {
                throw VaultErrors.Of(trimmed, _core.Name);
            }
        }

        return notice.At;
    }

    private List<ulong> LeftBehind(NamespaceState state)
    {
        long before = UnixTime.Of(_core.Options.Time.GetUtcNow() - LeftBehindAfter);
        return
        [
            .. Unnamed(state).Where(inode => !IsSnapshot(state, inode)
                && state.TryStat(inode, out InodeStat stat) && stat.ChangedAt < before),
        ];
    }

    private IEnumerable<ulong> Unnamed(NamespaceState state) => state.ClaimsOf(_core.Writer)
        .Where(inode => state.TryStat(inode, out InodeStat stat) && stat is { Links: 0, Kind: FileKind.Regular });

    private static bool IsSnapshot(NamespaceState state, ulong inode) =>
        state.GetXattr(inode, StripeSnapshotStore.Mark.Span, out _) == Errno.None;
}
