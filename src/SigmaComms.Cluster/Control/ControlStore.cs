using SigmaComms.Cluster.Control.Guards;
using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Cluster.Disks;
using SigmaComms.Consensus;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Cluster.Control;

/// <summary>
/// The durable state of a replica: the write-ahead log and the vote guard, made durable together at the end of a turn
/// and checked against each other when they are opened.
/// </summary>
/// <remarks>
/// The guard keeps up to where the log was synced, so that a log that lost its end is not taken for one with a torn
/// tail; the log keeps the ballots of a guard whose newest slot was lost; and of a turn with a finalize the guard keeps
/// the certificate too, so that it is there whichever of the two is damaged. Both are of one folder. Not safe for more
/// threads than one. After an <see cref="IOException"/> it must be disposed and opened anew.
/// </remarks>
internal sealed class ControlStore : IDisposable
{
    private readonly TurnCopy _copy = new();

    private ControlStore(WriteAheadLog log, VoteGuard guard) => (Log, Guard) = (log, guard);

    /// <summary>The log.</summary>
    public WriteAheadLog Log { get; }

    /// <summary>The guard.</summary>
    public VoteGuard Guard { get; }

    /// <summary>Makes the durable state of a replica that has never run; where that was interrupted, goes on.</summary>
    /// <exception cref="IOException">It has run, another process has it, or the disk failed.</exception>
    public static ControlStore Create(
        IDisk disk, WalOptions options, Digest cluster, Epoch epoch, uint incarnation, IRandomSource random)
    {
        VoteGuard guard;
        if (disk.ListNames().Contains(VoteGuard.FileName))
        {
            guard = VoteGuard.Open(disk, cluster);
            if (guard.Durable is not { IsBlank: true } blank || blank.Epoch != epoch
                || blank.Incarnation != incarnation)
            {
                guard.Dispose();
                throw new IOException("This replica has run before; its guard is not that of a new one.");
            }

            guard.Confirm([], WalPosition.Start);
        }
        else
        {
            guard = VoteGuard.Create(disk, cluster, epoch, incarnation);
        }

        return With(guard, () => WriteAheadLog.Create(disk, options, random));
    }

    /// <summary>Opens the durable state; damage is only reported.</summary>
    /// <param name="disk">The folder.</param>
    /// <param name="options">Of the log.</param>
    /// <param name="cluster">The cluster; a guard of another one does not count.</param>
    /// <param name="statementsOf">What a record says if it is an own ballot; otherwise nothing.</param>
    /// <exception cref="IOException">Another process has it, or the disk failed.</exception>
    public static ControlStoreOpening Open(
        IDisk disk, WalOptions options, Digest cluster,
        Func<LogRecord, IEnumerable<Statement>> statementsOf)
    {
        VoteGuard guard = VoteGuard.Open(disk, cluster);
        WriteAheadLog? log = null;
        bool isKept = false;
        try
        {
            WalOpening opening = WriteAheadLog.Open(disk, options, guard.Durable?.LogSynced);
            log = opening.Log;
            if (log is null)
            {
                ControlStoreState why = opening.State == WalState.Missing
                    ? ControlStoreState.Missing
                    : ControlStoreState.Damaged;
                return new ControlStoreOpening(why, null, opening.Damage, 0);
            }

            Join(guard, log, statementsOf);
            isKept = true;
            return new ControlStoreOpening(
                guard.IsVoting ? ControlStoreState.Voting : ControlStoreState.NotVoting,
                new ControlStore(log, guard), null, opening.TornBytes);
        }
        finally
        {
            if (!isKept)
            {
                log?.Dispose();
                guard.Dispose();
            }
        }
    }

    /// <summary>
    /// Begins an empty log after the old one was lost or is damaged. First this replica renounces its vote,
    /// durably: what it signed may have been in the lost log only.
    /// </summary>
    /// <exception cref="IOException">Another process has it, or the disk failed.</exception>
    public static ControlStore StartOver(IDisk disk, WalOptions options, Digest cluster, IRandomSource random)
    {
        VoteGuard guard = VoteGuard.Open(disk, cluster);
        return With(guard, () =>
        {
            using (disk.Lock(WriteAheadLog.LockName))
            {
                guard.Confirm([], WalPosition.Start);
                guard.Renounce(WalPosition.Start);
                foreach (string name in disk.ListNames().Where(name => WalFormat.TryParseName(name, out _)).Reverse())
                {
                    disk.Delete(name);
                }

                disk.SyncNames();
            }

            return WriteAheadLog.Create(disk, options, random);
        });
    }

    /// <summary>Adds a record to the turn; see <see cref="WriteAheadLog.Append"/>.</summary>
    public ulong Append(byte type, ReadOnlySpan<byte> payload)
    {
        WalPosition before = Log.Synced;
        ulong number = Log.Append(type, payload);
        if (Log.Synced != before)
        {
            // The turn is more than a group holds: what came before is durable now.
            _copy.Clear();
        }

        _copy.Add(type, payload);
        return number;
    }

    /// <summary>Asks the guard for a ballot; see <see cref="VoteGuard.Admit"/>.</summary>
    public GuardVerdict Admit(params ReadOnlySpan<Statement> statements) => Guard.Admit(statements);

    /// <summary>Whether a statement may be signed now.</summary>
    public bool MaySign(in Statement statement) => Guard.MaySign(statement);

    /// <summary>Ends the turn: all appended records and admitted ballots are durable when it returns.</summary>
    public void Commit()
    {
        ReadOnlySpan<byte> copy = Guard.HasPendingFinalize ? _copy.Written : [];
        if (!Guard.HasPending)
        {
            Log.Sync();
        }
        else if (Guard.HasPendingFinalize && copy.IsEmpty)
        {
            // Without a copy the order says which came first.
            Log.Sync();
            Guard.Stage(Log.Synced);
            Guard.File.Sync();
            Guard.Settle();
        }
        else
        {
            Guard.Stage(Log.Synced, copy);
            Log.Sync(Guard.File);
            Guard.Settle();
        }

        _copy.Clear();
    }

    /// <summary>
    /// Lets the guard vouch for the last group too, so that rot in it is not taken for a torn tail: when the log has
    /// been idle for a while, and before it is closed.
    /// </summary>
    public void Seal()
    {
        Commit();
        if (Guard.Durable is { } memory && memory.LogSynced != Log.Synced)
        {
            Guard.Stage(Log.Synced);
            Guard.File.Sync();
            Guard.Settle();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Log.Dispose();
        Guard.Dispose();
    }

    private static ControlStore With(VoteGuard guard, Func<WriteAheadLog> open)
    {
        bool isKept = false;
        try
        {
            ControlStore store = new(open(), guard);
            isKept = true;
            return store;
        }
        finally
        {
            if (!isKept)
            {
                guard.Dispose();
            }
        }
    }

    private static void Join(
        VoteGuard guard, WriteAheadLog log, Func<LogRecord, IEnumerable<Statement>> statementsOf)
    {
        // The newest ballots are in the log from where the older slot left off; if that part is gone, so are they.
        if (guard.HasLostSlot && guard.Durable is { } older && log.FirstRecord > older.LogSynced.Record)
        {
            guard.Forget();
        }

        // What was durable in both places and is damaged in one; or a turn that one place got before the power went.
        foreach (LogRecord record in guard.FindTurn(log.Synced))
        {
            log.Append(record.Type, record.Payload.Span);
        }

        log.Sync();
        List<Statement> said = [];
        log.Replay(0, record => said.AddRange(statementsOf(record)));
        guard.Confirm(said, log.Synced);
    }
}
