namespace SigmaComms.Vault.Transactions;

/// <summary>Reads a log into a replica and believes nothing unchecked.</summary>
internal sealed class LogFollower(VaultAccess access, HeaderKeys headers, LogPosition remembered)
{
    private LogPosition _remembered = remembered;

    /// <summary>The fault that ended following for good, or none.</summary>
    public LogFault Fault { get; private set; }

    /// <summary>The highest position that was ever seen.</summary>
    public LogPosition Remembered => _remembered;

    /// <summary>Applies all entries there are.</summary>
    public async ValueTask<SyncResult> FollowAsync(
        VaultReplica replica, Action<LogEntry, EntryResult> applied, CancellationToken cancellation)
    {
        if (Fault != LogFault.None)
        {
            return new SyncResult(LogStatus.Done, Fault, false);
        }

        while (true)
        {
            LogRange range = await access.Log.ReadAsync(access.Vault, replica.Position.Count, cancellation);
            if (range.Status is not (LogStatus.Done or LogStatus.OutOfRange))
            {
                return new SyncResult(range.Status, LogFault.None, false);
            }

            if (range.First > replica.Position.Count)
            {
                return new SyncResult(LogStatus.Done, LogFault.None, true);
            }

            headers.Ahead = range.Entries;
            LogFault fault = Check(replica, range, applied);
            headers.Ahead = [];

            // Whoever is locked out may be let in again; what the log itself did is not forgotten.
            Fault = fault == LogFault.Locked ? LogFault.None : fault;
            if (fault != LogFault.None || replica.Position.Count == range.End.Count)
            {
                return new SyncResult(LogStatus.Done, fault, false);
            }

            // Some, but not all: ask for the rest. None at all is no answer.
            if (range.Entries.Count == 0)
            {
                return new SyncResult(LogStatus.Unreachable, LogFault.None, false);
            }
        }
    }

    private LogFault Check(VaultReplica replica, LogRange range, Action<LogEntry, EntryResult> applied)
    {
        if (range.End.Count < Math.Max(_remembered.Count, replica.Position.Count))
        {
            return LogFault.RolledBack;
        }

        foreach (LogEntry entry in range.Entries)
        {
            LogFault fault = replica.Apply(entry, out EntryResult result);
            if (fault == LogFault.None && replica.Position.Count == _remembered.Count
                && replica.Position.Head != _remembered.Head)
            {
                fault = LogFault.Forked;
            }

            if (fault != LogFault.None)
            {
                return fault;
            }

            applied(entry, result);
        }

        if (replica.Position.Count == range.End.Count && replica.Position.Head != range.End.Head)
        {
            return LogFault.Forked;
        }

        _remembered = replica.Position.Count >= _remembered.Count ? replica.Position : _remembered;
        return LogFault.None;
    }
}
