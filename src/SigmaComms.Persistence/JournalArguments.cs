namespace SigmaComms.Persistence;

/// <summary>The checks all stores make before any effect.</summary>
internal static class JournalArguments
{
    public static void RequireId(string persistenceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(persistenceId);
        if (persistenceId.Length > JournalLimits.PersistenceIdLengthMax || !IsPrintable(persistenceId))
        {
            throw new ArgumentException(
                "A persistence id has 1 to 256 printable ASCII characters without blanks.", nameof(persistenceId));
        }
    }

    public static void RequirePrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (!IsPrintable(prefix))
        {
            throw new ArgumentException("A prefix has printable ASCII characters without blanks.", nameof(prefix));
        }
    }

    public static void RequireAppend(
        string persistenceId, long expectedSequence, long writerEpoch, IReadOnlyList<NewEvent> events)
    {
        RequireId(persistenceId);
        ArgumentOutOfRangeException.ThrowIfNegative(expectedSequence);
        ArgumentOutOfRangeException.ThrowIfNegative(writerEpoch);
        ArgumentNullException.ThrowIfNull(events);
        ArgumentOutOfRangeException.ThrowIfZero(events.Count, nameof(events));
    }

    public static void RequireSnapshot(string persistenceId, Snapshot snapshot)
    {
        RequireId(persistenceId);
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentOutOfRangeException.ThrowIfNegative(snapshot.Sequence, nameof(snapshot));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            snapshot.Sequence, JournalLimits.SequenceMax, nameof(snapshot));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            snapshot.Payload.Length, JournalLimits.SnapshotBytesMax, nameof(snapshot));
    }

    /// <summary>Why the append is over a limit, or null; and its size.</summary>
    public static string? OverLimit(long expectedSequence, IReadOnlyList<NewEvent> events, out int sizeBytes)
    {
        sizeBytes = 0;
        if (events.Count > JournalLimits.EventsPerAppendMax)
        {
            return $"An append has at most {JournalLimits.EventsPerAppendMax} events, this one {events.Count}.";
        }

        long total = 0;
        for (int i = 0; i < events.Count; i++)
        {
            int length = events[i].Payload.Length;
            if (length > JournalLimits.PayloadBytesMax)
            {
                return $"An event has at most {JournalLimits.PayloadBytesMax} bytes, number {i} has {length}.";
            }

            total += length;
        }

        if (total > JournalLimits.BytesPerAppendMax)
        {
            return $"An append has at most {JournalLimits.BytesPerAppendMax} bytes, this one {total}.";
        }

        sizeBytes = (int)total;
        return expectedSequence > JournalLimits.SequenceMax - events.Count
            ? $"A journal has at most {JournalLimits.SequenceMax} events."
            : null;
    }

    private static bool IsPrintable(string text)
    {
        foreach (char c in text)
        {
            if (c is <= ' ' or > '~')
            {
                return false;
            }
        }

        return true;
    }
}
