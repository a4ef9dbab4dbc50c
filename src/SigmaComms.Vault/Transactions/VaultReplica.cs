using SigmaComms.Cryptography;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Namespace;

namespace SigmaComms.Vault.Transactions;

/// <summary>
/// What follows from a vault's log: the namespace, who came how far, which stripes the nodes may forget. Pure: the same
/// entries give the same replica everywhere. An entry that no honest log has at its place is not applied and told as a
/// fault.
/// </summary>
/// <remarks>Not safe for use from two threads at once.</remarks>
public sealed class VaultReplica : IDisposable
{
    /// <summary>How many entries old what a writer had seen may be: 4,096.</summary>
    public const int Window = 4_096;

    private readonly Func<VaultHeader, VaultKeyring?> _unlock;
    private readonly EntryKeys _keys;

    /// <summary>Starts before the first entry.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="unlock">Opens a header, or gives null; the keys become the replica's.</param>
    public VaultReplica(Digest vault, Func<VaultHeader, VaultKeyring?> unlock)
        : this(vault, unlock, new ReplicaTables(vault), new NamespaceState(), null)
    {
    }

    internal VaultReplica(
        Digest vault,
        Func<VaultHeader, VaultKeyring?> unlock,
        ReplicaTables tables,
        NamespaceState state,
        VaultHeader? header)
    {
        Vault = vault;
        _unlock = unlock;
        Tables = tables;
        State = state;
        Header = header;
        _keys = new EntryKeys();
        _keys.Take(header is null ? null : unlock(header));
    }

    /// <summary>The vault.</summary>
    public Digest Vault { get; }

    /// <summary>The namespace.</summary>
    public NamespaceState State { get; }

    /// <summary>The header in force; null before the first.</summary>
    public VaultHeader? Header { get; private set; }

    /// <summary>The keys of the header in force; null if it cannot be opened.</summary>
    public VaultKeyring? Keys => _keys.Ring;

    /// <summary>How far the log was followed.</summary>
    public LogPosition Position => Tables.Position;

    /// <summary>The newest snapshot that was not contradicted; null if there is none.</summary>
    public SnapshotNotice? Snapshot { get; private set; }

    /// <summary>Where the newest mark was.</summary>
    public LogPosition? Marked { get; private set; }

    /// <summary>
    /// The whole replica just after the newest mark, if it was asked for by <see cref="NotesMarks"/>: what a snapshot
    /// stores, and what others' snapshots are compared with.
    /// </summary>
    public ReadOnlyMemory<byte> MarkedState { get; private set; }

    /// <summary>Whether the state is written down at every mark. Costs as much as the state is large.</summary>
    public bool NotesMarks { get; set; }

    /// <summary>Held while an entry is applied.</summary>
    internal Lock Gate { get; } = new();

    internal ReplicaTables Tables { get; }

    /// <summary>Takes over the newest snapshot that was known when a copy of this replica was made.</summary>
    internal void Note(SnapshotNotice? newest) => Snapshot = newest;

    /// <summary>The next number of a writer.</summary>
    /// <param name="writer">The writer.</param>
    public ulong NextSequence(NodeId writer) => Tables.SequenceOf(writer) + 1;

    /// <summary>Applies the next entry.</summary>
    /// <param name="entry">The entry, as the log gave it.</param>
    /// <param name="result">What became of it; default with a fault.</param>
    /// <returns>The fault that keeps it from being applied, or none.</returns>
    public LogFault Apply(LogEntry entry, out EntryResult result)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (Gate)
        {
            return ApplyAlone(entry, out result);
        }
    }

    /// <summary>Forgets the keys. May be called twice.</summary>
    public void Dispose() => _keys.Dispose();

    private LogFault ApplyAlone(LogEntry entry, out EntryResult result)
    {
        result = default;
        if (entry.Index != Position.Count || entry.Sequence != NextSequence(entry.Writer))
        {
            return LogFault.Broken;
        }

        byte[]? body = null;
        bool read = SealedBatch.TryRead(entry.Content.Span, out SealedBatch? batch);
        if (read && batch!.Epoch <= (Header?.Epoch ?? 0))
        {
            if (Keys is null)
            {
                _keys.Take(_unlock(Header!));
            }

            if (Keys is null)
            {
                return LogFault.Locked;
            }

            EntryPlace place = new(Vault, entry.Writer, entry.Sequence);
            SealedBatch.TryOpen(entry.Content.Span, place, _keys.NamespaceKey(batch.Epoch), out body);
        }

        // Whoever could seal it vouches for what it had seen: another past is a fork of the log.
        if (body is not null && !Tables.Agrees(batch!.Seen))
        {
            return LogFault.Forked;
        }

        BatchOutcome applied = BatchOutcome.Done;
        EntryOutcome outcome = body is not null ? ApplyBody(entry, batch!, body, ref applied) : ApplyOther(entry);
        Tables.Advance(entry);
        if (outcome == EntryOutcome.Marked)
        {
            Marked = Position;
            MarkedState = NotesMarks ? ReplicaSnapshot.Encode(this) : default;
        }

        result = new EntryResult(entry.Index, entry.Writer, entry.Sequence, outcome, applied);
        return LogFault.None;
    }

    private EntryOutcome ApplyOther(LogEntry entry)
    {
        if (entry.Content.Length == 0 || entry.Content.Span[0] != (byte)EntryKind.Header)
        {
            return EntryOutcome.Unreadable;
        }

        HeaderStatus status = VaultHeader.TryDecode(entry.Content.Span[1..], Vault, out VaultHeader? header);
        bool next = header?.Generation == (Header?.Generation ?? 0) + 1 && header.Epoch >= (Header?.Epoch ?? 1);
        bool same = header?.Encoded.Span.SequenceEqual(Header is null ? default : Header.Encoded.Span) ?? false;
        if (status != HeaderStatus.Good || !(next || same))
        {
            return EntryOutcome.HeaderRefused;
        }

        if (next)
        {
            Header = header;
            _keys.Take(_unlock(header!));
        }

        return EntryOutcome.HeaderChanged;
    }

    private EntryOutcome ApplyBody(LogEntry entry, SealedBatch batch, byte[] body, ref BatchOutcome applied)
    {
        if (State.Foresight is not { IsEmpty: false } foresight)
        {
            return ApplyOpened(entry, batch, body, ref applied);
        }

        Digest name = Digest.Sha256(body);
        if (foresight.Expects(entry.Writer, name) && IsPlain(batch, foresight))
        {
            Drop(batch);
            foresight.Confirm();
            return EntryOutcome.Applied;
        }

        foresight.Withdraw();
        EntryOutcome outcome = ApplyOpened(entry, batch, body, ref applied);
        foresight.Note(entry.Writer, name, outcome == EntryOutcome.Applied);
        foresight.Renew();
        return outcome;
    }

    /// <summary>Whether an own batch counts if its operations do, and touches nothing else that is foreseen.</summary>
    private bool IsPlain(SealedBatch batch, Foresight foresight) =>
        batch.Kind == EntryKind.Batch
        && batch.Epoch == Keys!.Epoch
        && batch.Seen.Count + Window >= Position.Count
        && !batch.Added.Any(Tables.WasDropped)
        && (batch.Dropped.Count == 0 || !foresight.Released().Any(batch.Dropped.Contains));

    private void Drop(SealedBatch batch)
    {
        // The nodes act on what is in clear whatever becomes of the operations.
        foreach (StripeId dropped in batch.Dropped)
        {
            if (State.Store.Released.Remove(dropped))
            {
                Tables.Drop(dropped);
            }
        }
    }

    private EntryOutcome ApplyOpened(LogEntry entry, SealedBatch batch, byte[] body, ref BatchOutcome applied)
    {
        Drop(batch);
        EntryOutcome outcome = Judge(entry, batch, body, ref applied);
        if (outcome is not EntryOutcome.Applied)
        {
            ReleaseAdded(batch);
        }

        return outcome;
    }

    private EntryOutcome Judge(LogEntry entry, SealedBatch batch, byte[] body, ref BatchOutcome applied)
    {
        if (batch.Epoch != Keys!.Epoch)
        {
            return EntryOutcome.StaleKey;
        }

        if (batch.Seen.Count + Window < Position.Count)
        {
            return EntryOutcome.StaleView;
        }

        if (batch.Kind == EntryKind.Batch)
        {
            return ApplyBatch(entry.Writer, batch, body, ref applied);
        }

        if (batch.Added.Count > 0)
        {
            return EntryOutcome.Malformed;
        }

        return batch.Kind == EntryKind.Mark ? MarkOf(body) : ApplySnapshot(body);
    }

    private EntryOutcome ApplyBatch(NodeId writer, SealedBatch batch, byte[] body, ref BatchOutcome applied)
    {
        List<NamespaceOperation>? operations = BatchBody.Decode(body);
        if (operations is null || !operations.OfType<NamespaceOperation.WriteStripe>()
            .Select(write => write.Stripe.Stripe).SequenceEqual(batch.Added))
        {
            return EntryOutcome.Malformed;
        }

        for (int i = 0; i < operations.Count; i++)
        {
            if (operations[i] is NamespaceOperation.WriteStripe write && Tables.WasDropped(write.Stripe.Stripe))
            {
                applied = new BatchOutcome(Errno.Stale, i);
                return EntryOutcome.Conflict;
            }
        }

        applied = State.Apply(writer, batch.Epoch, operations);
        return applied.Succeeded ? EntryOutcome.Applied : EntryOutcome.Conflict;
    }

    private static EntryOutcome MarkOf(byte[] body) =>
        body.Length == 0 ? EntryOutcome.Marked : EntryOutcome.Malformed;

    private EntryOutcome ApplySnapshot(byte[] body)
    {
        if (!SnapshotNotice.TryDecode(body, out SnapshotNotice? notice) || notice.At.Count > Position.Count)
        {
            return EntryOutcome.Malformed;
        }

        bool otherPast = Tables.HeadAt(notice.At.Count) is { } head && head != notice.At.Head;
        bool otherState = notice.At == Marked && MarkedState.Length > 0
            && ReplicaSnapshot.DigestOf(MarkedState.Span) != notice.State;
        if (otherPast || otherState)
        {
            return EntryOutcome.SnapshotContradicted;
        }

        Snapshot = notice;
        return EntryOutcome.Snapshot;
    }

    /// <summary>What a batch brought that counted for nothing can be forgotten by the nodes.</summary>
    private void ReleaseAdded(SealedBatch batch)
    {
        foreach (StripeId added in batch.Added)
        {
            if (!State.IsLive(added) && !Tables.WasDropped(added))
            {
                State.Store.Release(added);
            }
        }
    }
}
