using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Cluster.Disks;
using SigmaComms.Consensus;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Guards;

/// <summary>
/// Stands between the replica and its signing key: remembers, apart from the log, what was signed of the last views,
/// and refuses what contradicts it. What it admitted may be signed only once it is durable.
/// </summary>
/// <remarks>
/// Two slots take turns, so that a torn write leaves the one before. A guard of which no slot can be read has lost its
/// memory and admits nothing before a later epoch under a later incarnation. Not safe for more threads than one.
/// </remarks>
internal sealed class VoteGuard : IDisposable
{
    /// <summary>The guard's file.</summary>
    public const string FileName = "vote-guard";

    private const string NewName = "vote-guard.new";

    private readonly IDisk _disk;
    private IDiskFile? _file;
    private GuardMemory? _durable;
    private GuardMemory? _pending;
    private GuardMemory? _older;
    private bool _isBroken;

    private VoteGuard(IDisk disk) => _disk = disk;

    /// <summary>What is durable; null if the memory is lost.</summary>
    public GuardMemory? Durable => _durable;

    /// <summary>Whether ballots of the durable epoch can be admitted at all.</summary>
    public bool IsVoting => _durable is { HasRenounced: false } && !_isBroken;

    /// <summary>Whether one of the slots was found unreadable: the newest ballots may be in the log only.</summary>
    public bool HasLostSlot { get; private set; }

    /// <summary>Whether something waits to be made durable.</summary>
    public bool HasPending => _pending is not null;

    /// <summary>Whether a finalize waits that is not durable yet.</summary>
    public bool HasPendingFinalize =>
        _pending is { } pending && _durable is { } durable && pending.HasNewFinalize(durable);

    /// <summary>The file to sync after <see cref="Stage"/>.</summary>
    public IDiskFile File => _file ?? throw new InvalidOperationException("The guard has lost its memory.");

    /// <summary>Makes the file of a replica that has never voted.</summary>
    /// <exception cref="IOException">There is one already, or the disk failed.</exception>
    public static VoteGuard Create(IDisk disk, Digest cluster, Epoch epoch, uint incarnation)
    {
        if (disk.ListNames().Contains(FileName))
        {
            throw new IOException("There is a vote guard already.");
        }

        VoteGuard guard = new(disk);
        guard.WriteNew(new GuardMemory(1, cluster, epoch, incarnation, false, default, WalPosition.Start, []));
        return guard;
    }

    /// <summary>Reads the file, whatever is there. Admits nothing before <see cref="Confirm"/>.</summary>
    /// <param name="disk">The folder.</param>
    /// <param name="cluster">A guard of another cluster counts as lost.</param>
    public static VoteGuard Open(IDisk disk, Digest cluster)
    {
        VoteGuard guard = new(disk);
        if (!disk.ListNames().Contains(FileName))
        {
            return guard;
        }

        guard._file = disk.Open(FileName);
        GuardMemory? first = guard.Read(0);
        GuardMemory? second = guard.Read(GuardSlot.SizeBytes);
        GuardMemory? newest = first is null || second?.Sequence > first.Sequence ? second : first;
        guard._durable = newest?.Cluster == cluster ? newest : null;
        guard._older = ReferenceEquals(newest, first) ? second : first;
        guard.HasLostSlot = first is null || second is null || Distance(first.Sequence, second.Sequence) != 1;
        guard._isBroken = true;
        return guard;
    }

    /// <summary>Judges a ballot: all of its statements, or none, are remembered.</summary>
    /// <param name="statements">What it says; a bundle says two things.</param>
    /// <returns>The worst verdict of all; Known only if all are known.</returns>
    public GuardVerdict Admit(params ReadOnlySpan<Statement> statements)
    {
        if (!IsVoting || (_pending ?? _durable) is not { } memory)
        {
            return GuardVerdict.NotVoting;
        }

        GuardVerdict verdict = GuardVerdict.Known;
        foreach (Statement statement in statements)
        {
            GuardVerdict next = memory.Judge(statement);
            if (next is not (GuardVerdict.Admitted or GuardVerdict.Known))
            {
                return next;
            }

            verdict = next == GuardVerdict.Admitted ? next : verdict;
            memory = memory.With(statement);
        }

        _pending = verdict == GuardVerdict.Admitted ? memory : _pending;
        return verdict;
    }

    /// <summary>Whether a statement may be signed now: it was admitted, and that is durable.</summary>
    public bool MaySign(in Statement statement) =>
        IsVoting && _durable?.Judge(statement) == GuardVerdict.Known;

    /// <summary>
    /// The records of the last turn, if the log ends before it: what the log lost of it, or did not get before the
    /// power went. To be appended to the log before <see cref="Confirm"/>.
    /// </summary>
    /// <param name="logSynced">Where the log ends.</param>
    /// <returns>None if the log has the turn, or no whole copy is here.</returns>
    public IReadOnlyList<LogRecord> FindTurn(WalPosition logSynced)
    {
        if (_durable is not { Copy: { SizeBytes: > 0 } mark } memory || memory.LogSynced != logSynced)
        {
            return [];
        }

        byte[] copy = new byte[mark.SizeBytes];
        try
        {
            int count = File.Read(GuardSlot.OffsetOfCopy(memory.Sequence), copy);
            return count == copy.Length && Digest.Sha256(copy) == mark.Hash ? TurnCopy.RecordsOf(copy) : [];
        }
        catch (IOException)
        {
            // A copy that the disk does not give is none.
            return [];
        }
    }

    /// <summary>
    /// Joins what was read with the ballots of the write-ahead log, and makes both durable: what was read may be in
    /// the page cache only. The stricter wins: what contradicts closes its view.
    /// </summary>
    /// <param name="fromLog">
    /// All ballots in the log. One of a later epoch than the guard's says that the guard is an old copy: its memory is
    /// lost.
    /// </param>
    /// <param name="logSynced">Up to where the log is synced.</param>
    public void Confirm(IEnumerable<Statement> fromLog, WalPosition logSynced)
    {
        Invariant.Holds(!HasPending);
        if (_durable is not { } memory)
        {
            _isBroken = false;
            return;
        }

        if (memory.LogSynced == logSynced && memory.Copy.SizeBytes > 0 && _older is { } older)
        {
            memory = memory.WithoutCutOff(older);
        }

        _older = null;
        foreach (Statement statement in fromLog)
        {
            if (statement.Epoch > memory.Epoch)
            {
                Forget();
                return;
            }

            memory = statement.Epoch == memory.Epoch ? memory.Join(statement) : memory;
        }

        // First what was read, in place; only then the other slot may be overwritten.
        File.Sync();
        _isBroken = false;
        _pending = memory;
        Stage(logSynced);
        File.Sync();
        Settle();
        HasLostSlot = false;
    }

    /// <summary>
    /// Writes what was admitted; durable once <see cref="File"/> is synced, which <see cref="Settle"/> is told.
    /// </summary>
    /// <param name="logSynced">Up to where the write-ahead log is synced.</param>
    /// <param name="copy">The turn's copy, if it has a new finalize and the log is not synced before.</param>
    public void Stage(WalPosition logSynced, ReadOnlySpan<byte> copy = default)
    {
        RequireUnbroken();
        _isBroken = true;
        _pending = (_pending ?? _durable)! with
        {
            Sequence = _durable!.Sequence + 1,
            LogSynced = logSynced,
            Copy = copy.IsEmpty ? default : new CopyMark(copy.Length, Digest.Sha256(copy)),
        };
        if (!copy.IsEmpty)
        {
            File.Write(GuardSlot.OffsetOfCopy(_pending.Sequence), copy);
        }

        File.Write(GuardSlot.OffsetOf(_pending.Sequence), GuardSlot.Encode(_pending));
    }

    /// <summary>What was staged is durable.</summary>
    public void Settle()
    {
        Invariant.Holds(_isBroken && _pending is not null && _durable is not null);
        Invariant.Holds(_pending.Sequence == _durable.Sequence + 1);
        (_durable, _pending, _isBroken) = (_pending, null, false);
    }

    /// <summary>Turns to the next epoch, durably; nothing of the one before is signed any more.</summary>
    /// <param name="epoch">Later than the guard's, and than the one in which its memory was lost.</param>
    /// <param name="incarnation">
    /// As registered for that epoch; not before the guard's, and after it if the memory was lost or votes renounced.
    /// </param>
    /// <param name="logSynced">Up to where the write-ahead log is synced.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="lostIn">The last epoch and incarnation that the log or peers know, if the memory is lost.</param>
    /// <returns>False, with nothing changed, if that would allow to vote twice.</returns>
    public bool TryBeginEpoch(
        Digest cluster, Epoch epoch, uint incarnation, WalPosition logSynced, (Epoch Epoch, uint Incarnation) lostIn)
    {
        RequireUnbroken();
        Invariant.Holds(!HasPending);
        bool isLater = _durable is { } known
            ? known.Cluster == cluster && epoch > known.Epoch
                && (known.HasRenounced ? incarnation > known.Incarnation : incarnation >= known.Incarnation)
            : epoch > lostIn.Epoch && incarnation > lostIn.Incarnation;
        if (!isLater)
        {
            return false;
        }

        GuardMemory blank = new(
            (_durable?.Sequence ?? 0) + 1, cluster, epoch, incarnation, false, default, logSynced, []);
        if (_durable is null)
        {
            _file?.Dispose();
            WriteNew(blank);
        }
        else
        {
            _pending = blank;
            Stage(logSynced);
            File.Sync();
            Settle();
        }

        return true;
    }

    /// <summary>Gives up voting for this epoch and incarnation, durably: the write-ahead log is lost.</summary>
    public void Renounce(WalPosition logSynced)
    {
        if (_durable is null)
        {
            return;
        }

        _pending = (_pending ?? _durable) with { HasRenounced = true };
        Stage(logSynced);
        File.Sync();
        Settle();
    }

    /// <summary>Takes the memory for lost: something shows that it is not all.</summary>
    public void Forget() => (_durable, _pending, _isBroken) = (null, null, false);

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private static ulong Distance(ulong a, ulong b) => a > b ? a - b : b - a;

    private GuardMemory? Read(int offset)
    {
        byte[] slot = new byte[GuardSlot.SizeBytes];
        try
        {
            File.Read(offset, slot);
        }
        catch (IOException)
        {
            // A sector that cannot be read is a lost slot.
            return null;
        }

        return GuardSlot.TryDecode(slot, offset, out GuardMemory? memory) ? memory : null;
    }

    private void WriteNew(GuardMemory memory)
    {
        _isBroken = true;
        GuardMemory second = memory with { Sequence = memory.Sequence + 1 };
        IDiskFile file = _disk.Create(NewName, 2 * GuardSlot.SizeBytes);
        file.Write(GuardSlot.OffsetOf(memory.Sequence), GuardSlot.Encode(memory));
        file.Write(GuardSlot.OffsetOf(second.Sequence), GuardSlot.Encode(second));
        file.Sync();
        _disk.Rename(NewName, FileName);
        _disk.SyncNames();
        (_file, _durable, _pending, _isBroken, HasLostSlot) = (file, second, null, false, false);
    }

    private void RequireUnbroken()
    {
        if (_isBroken)
        {
            throw new IOException("The vote guard stopped after a failure of the disk; it must be opened anew.");
        }
    }
}
