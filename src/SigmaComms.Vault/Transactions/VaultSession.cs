using System.Buffers.Binary;
using SigmaComms.Cryptography;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Namespace;

namespace SigmaComms.Vault.Transactions;

/// <summary>
/// A client of a vault: follows its log, and commits transactions. It remembers how far it came, and refuses a log that
/// shows less or another past.
/// </summary>
/// <remarks>One call at a time; calls wait for each other. The state may be read between calls.</remarks>
public sealed class VaultSession : IAsyncDisposable
{
    private const int AttemptsMax = 8;
    private const int SaltSize = 16;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly VaultAccess _access;
    private readonly LogFollower _follower;
    private readonly ulong _inodePrefix;
    private readonly VaultReplica _replica;
    private PendingEntry? _pending;
    private uint _inodesDrawn;

    private VaultSession(VaultAccess access, HeaderKeys headers, VaultReplica replica, LogPosition remembered)
    {
        _access = access;
        _replica = replica;
        _follower = new LogFollower(access, headers, remembered);
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        access.Random.Fill(prefix);
        _inodePrefix = BinaryPrimitives.ReadUInt64BigEndian(prefix) & NamespaceLimits.InodeMax;
    }

    /// <summary>The namespace as far as the log was followed.</summary>
    public NamespaceState State => _replica.State;

    /// <summary>The header in force; null before the first.</summary>
    public VaultHeader? Header => _replica.Header;

    /// <summary>The keys of the header in force, the session's own; null if it cannot be opened.</summary>
    public VaultKeyring? Keys => _replica.Keys;

    /// <summary>How far the log was followed.</summary>
    public LogPosition Position => _replica.Position;

    /// <summary>What the client must keep for the next session, so that nobody can show it less.</summary>
    public LogPosition Remembered => _follower.Remembered;

    /// <summary>The newest snapshot that was not contradicted; null if there is none.</summary>
    public SnapshotNotice? Snapshot => _replica.Snapshot;

    /// <summary>Whether a snapshot of somebody was seen whose digest is not that of the own state.</summary>
    public bool SawFalseSnapshot { get; private set; }

    /// <summary>How many entries were followed that this session did not send.</summary>
    public ulong OthersCount { get; private set; }

    /// <summary>Whether an entry of a former commit has an unknown fate.</summary>
    public bool HasPending => _pending is not null;

    /// <summary>Starts at the log's first entry, without reading it.</summary>
    /// <param name="access">What it needs.</param>
    /// <param name="remembered">How far this client ever came, or default.</param>
    public static VaultSession Start(VaultAccess access, LogPosition remembered = default)
    {
        ArgumentNullException.ThrowIfNull(access);
        HeaderKeys headers = new(access);
        return new VaultSession(access, headers, new VaultReplica(access.Vault, headers.Unlock), remembered);
    }

    /// <summary>Starts from a snapshot, without reading the log.</summary>
    /// <param name="access">What it needs.</param>
    /// <param name="notice">The snapshot; another session's, or the one <see cref="SnapshotFinder"/> found.</param>
    /// <param name="remembered">How far this client ever came, or default.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The session, or null if the snapshot cannot be had or is not what was noted.</returns>
    public static async ValueTask<VaultSession?> StartAsync(
        VaultAccess access, SnapshotNotice notice, LogPosition remembered, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(access);
        ArgumentNullException.ThrowIfNull(notice);
        HeaderKeys headers = new(access);
        ReadOnlyMemory<byte> bytes = await access.Snapshots.FetchAsync(notice.Reference, notice.Size, cancellation);
        if (bytes.Length != notice.Size || ReplicaSnapshot.DigestOf(bytes.Span) != notice.State
            || !ReplicaSnapshot.TryDecode(bytes.Span, access.Vault, headers.Unlock, out VaultReplica? replica))
        {
            return null;
        }

        if (replica.Position == notice.At)
        {
            return new VaultSession(access, headers, replica, remembered);
        }

        replica.Dispose();
        return null;
    }

    /// <summary>Starts from what a former session of this client left, without reading the log.</summary>
    /// <param name="access">What it needs.</param>
    /// <param name="copy">What <see cref="Copy"/> gave; unchanged, for whoever changes it makes another past.</param>
    /// <param name="remembered">How far this client ever came, or default.</param>
    /// <returns>The session, or null if the copy is none of this vault, or of another past than what is
    /// remembered.</returns>
    public static VaultSession? Resume(VaultAccess access, ReadOnlySpan<byte> copy, LogPosition remembered)
    {
        ArgumentNullException.ThrowIfNull(access);
        HeaderKeys headers = new(access);
        if (!ReplicaCopy.TryDecode(copy, access, headers, out VaultReplica? replica))
        {
            return null;
        }

        // A copy that is older is good: the log has to lead from it to what is remembered.
        bool isOlder = replica.Position.Count < remembered.Count;
        if (isOlder || remembered == default || replica.Tables.Agrees(remembered))
        {
            return new VaultSession(access, headers, replica, isOlder ? remembered : replica.Position);
        }

        replica.Dispose();
        return null;
    }

    /// <summary>All that was followed, for <see cref="Resume"/>; secret, as it shows the whole namespace.</summary>
    /// <returns>Null if the vault is locked or its log did what no honest log does.</returns>
    public byte[]? Copy() =>
        _follower.Fault == LogFault.None && Keys is not null ? ReplicaCopy.Encode(_replica) : null;

    /// <summary>A number for a new inode that nobody else draws: a random start, counted up.</summary>
    /// <remarks>Safe to call from any thread.</remarks>
    public ulong NewInode()
    {
        ulong drawn;
        do
        {
            drawn = (_inodePrefix + Interlocked.Increment(ref _inodesDrawn) - 1) & NamespaceLimits.InodeMax;
        }
        while (drawn <= NamespaceLimits.Root);

        return drawn;
    }

    /// <summary>Begins a transaction.</summary>
    public VaultTransaction Begin() => new(Keys?.Epoch ?? 0);

    /// <summary>Follows the log to its end.</summary>
    /// <param name="cancellation">Stops it; what was applied stays.</param>
    public async ValueTask<SyncResult> SyncAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await FollowAsync(cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Commits a transaction: one entry, all or nothing, and waits for its place in the order.</summary>
    /// <param name="transaction">The transaction; closed by this.</param>
    /// <param name="cancellation">Stops waiting; then the fate is unknown.</param>
    /// <exception cref="InvalidOperationException">It is closed, empty, or the vault is locked.</exception>
    public async ValueTask<CommitResult> CommitAsync(VaultTransaction transaction, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (transaction.IsClosed || transaction.Operations.Count == 0)
        {
            throw new InvalidOperationException("The transaction is closed or empty.");
        }

        transaction.Close();
        byte[] body = BatchBody.Encode(transaction.Operations);
        List<StripeId> added = [.. transaction.Staged.Select(stripe => stripe.Stripe)];

        // Stripes are sealed with the key of their time; under a later one nobody could open them.
        return await AppendAsync(
            () => (added.Count > 0 && transaction.Epoch != Keys?.Epoch) || transaction.IsOverdue()
                ? null
                : SealEntry(EntryKind.Batch, body, added),
            transaction.IsOverdue,
            cancellation);
    }

    /// <summary>
    /// Held while entries are applied to the state. Whoever looks at the state or adds to <see cref="Foresight"/>
    /// between calls, while a call may be under way, holds it too, for moments.
    /// </summary>
    public Lock Gate => _replica.Gate;

    /// <summary>
    /// Commits the oldest foreseen changes, as many as one entry holds. Their fates are in the changes; those that the
    /// result does not settle wait for the next call.
    /// </summary>
    /// <param name="cancellation">Stops waiting; then the fate is unknown.</param>
    /// <returns>Expired if no change is left that could be sent.</returns>
    /// <exception cref="InvalidOperationException">Nothing is foreseen, or the vault is locked.</exception>
    public async ValueTask<CommitResult> CommitForeseenAsync(CancellationToken cancellation)
    {
        Foresight foresight = State.Foresight ?? throw new InvalidOperationException("Nothing is foreseen.");
        return await AppendAsync(() => SealForeseen(foresight), cancellation);
    }

    /// <summary>Puts a header into the log.</summary>
    /// <param name="header">The owner's next header, or the one in force once more.</param>
    /// <param name="cancellation">Stops waiting; then the fate is unknown.</param>
    public async ValueTask<CommitResult> PublishAsync(VaultHeader header, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(header);
        byte[] content = [(byte)EntryKind.Header, .. header.Encoded.Span];
        return await AppendAsync(() => content, cancellation);
    }

    /// <summary>
    /// Stores a snapshot: a mark, the header once more, the state at the mark, and where it is. After that the owner
    /// may drop the entries before the mark.
    /// </summary>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InvalidOperationException">The vault is locked.</exception>
    public async ValueTask<CommitResult> SnapshotAsync(CancellationToken cancellation)
    {
        bool noted = _replica.NotesMarks;
        _replica.NotesMarks = true;
        try
        {
            CommitResult marked = await AppendAsync(() => SealEntry(EntryKind.Mark, [], []), cancellation);
            if (!marked.Succeeded || _replica.Marked is not { } at)
            {
                return marked;
            }

            ReadOnlyMemory<byte> state = _replica.MarkedState;
            CommitResult headed = await PublishAsync(_replica.Header!, cancellation);
            ReadOnlyMemory<byte> reference = headed.Succeeded
                ? await _access.Snapshots.StoreAsync(state, cancellation)
                : default;
            if (reference.Length is 0 or > SnapshotNotice.ReferenceSizeMax)
            {
                return headed.Succeeded
                    ? new CommitResult(CommitStatus.Refused, Refusal: LogStatus.Unreachable)
                    : headed;
            }

            SnapshotNotice notice = new(at, ReplicaSnapshot.DigestOf(state.Span), state.Length, reference);
            byte[] body = notice.Encode();
            return await AppendAsync(() => SealEntry(EntryKind.Snapshot, body, []), cancellation);
        }
        finally
        {
            _replica.NotesMarks = noted;
        }
    }

    /// <summary>Whether the state is noted at every mark, so that others' snapshots are checked.</summary>
    /// <param name="checks">Whether.</param>
    public void CheckSnapshots(bool checks) => _replica.NotesMarks = checks;

    /// <summary>Finds out what became of an entry whose fate is unknown, sending it again if need be.</summary>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Its fate; committed if there is none.</returns>
    public async ValueTask<CommitResult> ResolveAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return _pending is { } pending
                ? await SendAsync(pending, cancellation)
                : new CommitResult(CommitStatus.Committed);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Waits until the log has grown, and follows it.</summary>
    /// <param name="cancellation">Stops it.</param>
    public async ValueTask<SyncResult> WatchAsync(CancellationToken cancellation)
    {
        await _access.Log.WaitAsync(_access.Vault, Position.Count, cancellation);
        return await SyncAsync(cancellation);
    }

    /// <summary>Forgets the keys. May be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        _replica.Dispose();
        _turn.Release();
    }

    private ValueTask<CommitResult> AppendAsync(Func<byte[]?> content, CancellationToken cancellation) =>
        AppendAsync(content, static () => false, cancellation);

    private async ValueTask<CommitResult> AppendAsync(
        Func<byte[]?> content, Func<bool> isOverdue, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_pending is { } former)
            {
                CommitResult fate = await SendAsync(former, cancellation);
                if (fate.Status is CommitStatus.Unknown or CommitStatus.Fault)
                {
                    return fate;
                }
            }

            for (int attempt = 0; attempt < AttemptsMax; attempt++)
            {
                SyncResult sync = await FollowAsync(cancellation);
                if (!sync.IsCurrent)
                {
                    LogStatus refusal = sync.IsBehind ? LogStatus.OutOfRange : sync.Status;
                    return sync.Fault != LogFault.None
                        ? new CommitResult(CommitStatus.Fault, Fault: sync.Fault)
                        : new CommitResult(CommitStatus.Refused, Refusal: refusal);
                }

                if (content() is not { } entry)
                {
                    return new CommitResult(CommitStatus.Expired);
                }

                _pending = new PendingEntry(_replica.NextSequence(_access.Log.Writer), entry, isOverdue);
                CommitResult sent = await SendAsync(_pending, cancellation);
                bool again = sent.Status == CommitStatus.Expired
                    || sent is { Status: CommitStatus.Refused, Refusal: LogStatus.WrongSequence };
                if (!again || attempt == AttemptsMax - 1)
                {
                    return sent;
                }
            }

            throw new System.Diagnostics.UnreachableException();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask<CommitResult> SendAsync(PendingEntry pending, CancellationToken cancellation)
    {
        // What is overdue is only looked for: the next entry takes its number, if it does not stand there already.
        LogAppend sent = pending.IsOverdue()
            ? new LogAppend(LogStatus.WrongSequence, 0)
            : await _access.Log.AppendAsync(_access.Vault, pending.Sequence, pending.Content, cancellation);
        if (sent.Status == LogStatus.Unreachable)
        {
            return new CommitResult(CommitStatus.Unknown);
        }

        // A wrong number may be that of an answer that was lost: what stands at its place tells.
        SyncResult sync = await FollowAsync(cancellation);
        if (pending.Result is { } known)
        {
            // Whatever comes after it in the log: what stands at its place counts, or does not, for good.
            _pending = null;
            return FateOf(known);
        }

        if (sync.Fault != LogFault.None)
        {
            return new CommitResult(CommitStatus.Fault, Fault: sync.Fault);
        }

        bool refused = sent.Status is not (LogStatus.Done or LogStatus.WrongSequence);
        if (!pending.IsSuperseded && !sync.IsCurrent)
        {
            return new CommitResult(CommitStatus.Unknown);
        }

        if (!pending.IsSuperseded && sent.Status == LogStatus.Done)
        {
            // Somebody says that it was ordered, and it is not to be seen: it may still come, so it is asked for again.
            return new CommitResult(CommitStatus.Unknown);
        }

        _pending = null;
        if (pending.IsSuperseded || !refused)
        {
            return new CommitResult(CommitStatus.Refused, Refusal: LogStatus.WrongSequence);
        }

        return new CommitResult(CommitStatus.Refused, Refusal: sent.Status);
    }

    private static CommitResult FateOf(EntryResult result) => result.Outcome switch
    {
        EntryOutcome.Applied or EntryOutcome.HeaderChanged or EntryOutcome.Marked or EntryOutcome.Snapshot =>
            new CommitResult(CommitStatus.Committed, result.Batch),
        EntryOutcome.Conflict => new CommitResult(CommitStatus.Conflict, result.Batch),
        EntryOutcome.StaleKey or EntryOutcome.StaleView => new CommitResult(CommitStatus.Expired),
        _ => new CommitResult(CommitStatus.Void),
    };

    private ValueTask<SyncResult> FollowAsync(CancellationToken cancellation) =>
        _follower.FollowAsync(_replica, NoteApplied, cancellation);

    private void NoteApplied(LogEntry entry, EntryResult result)
    {
        SawFalseSnapshot |= result.Outcome == EntryOutcome.SnapshotContradicted;
        bool own = false;
        if (_pending is { } pending && entry.Writer == _access.Log.Writer && entry.Sequence == pending.Sequence)
        {
            own = Digest.Sha256(entry.Content.Span) == pending.Hash;
            pending.Result = own ? result : null;
            pending.IsSuperseded = !own;
        }

        OthersCount += own ? 0UL : 1UL;
    }

    private byte[]? SealForeseen(Foresight foresight)
    {
        lock (Gate)
        {
            foresight.Recall();
            VaultTransaction transaction = Begin();
            while (foresight.Waiting.Count > 0 && HasFormerStripes(foresight.Waiting[0], transaction.Epoch))
            {
                // Nobody could open them under the present key; whoever wrote them seals them anew.
                foresight.FailFirst(Errno.Stale);
            }

            int count = foresight.Waiting.TakeWhile(change =>
                !HasFormerStripes(change, transaction.Epoch) && transaction.TryAddAll(change.Operations)).Count();
            if (count == 0)
            {
                // Too large for any entry: it would keep all behind it waiting for ever.
                if (foresight.Waiting.Count > 0)
                {
                    foresight.FailFirst(Errno.TooLarge);
                }

                return null;
            }

            byte[] body = BatchBody.Encode(transaction.Operations);
            foresight.Send(count, Digest.Sha256(body));
            return SealEntry(EntryKind.Batch, body, [.. transaction.Staged.Select(static stripe => stripe.Stripe)]);
        }
    }

    private static bool HasFormerStripes(ForeseenChange change, int epoch) =>
        change.Epoch != epoch && change.Operations.Any(static operation => operation is NamespaceOperation.WriteStripe);

    private byte[] SealEntry(EntryKind kind, byte[] body, List<StripeId> added)
    {
        VaultKeyring keys = _replica.Keys ?? throw new InvalidOperationException("The vault is locked.");
        List<StripeId> dropped = [.. State.Released.Except(added).Take(SealedBatch.DroppedMax)];
        while (SealedBatch.SizeOf(added.Count, dropped.Count, body.Length) > LogEntry.ContentSizeMax)
        {
            dropped.RemoveAt(dropped.Count - 1);
        }

        Span<byte> salt = stackalloc byte[SaltSize];
        _access.Random.Fill(salt);
        NodeId writer = _access.Log.Writer;
        EntryPlace place = new(_access.Vault, writer, _replica.NextSequence(writer));
        using SecretBytes key = keys.Derive(keys.Epoch, VaultPurpose.Namespace);
        return new SealedBatch(kind, keys.Epoch, Position, added, dropped).Seal(place, key.Span, salt, body);
    }
}
