namespace SigmaComms.Persistence.PostgreSql;

/// <summary>
/// What the writes of one transaction change. They are decided in memory, on rows that the transaction has locked, and
/// go to the server together.
/// </summary>
/// <param name="rows">The locked row of each persistence id that has one.</param>
internal sealed class PostgreSqlChanges(Dictionary<string, PostgreSqlRow> rows)
{
    private readonly SortedDictionary<string, StreamState> _changed = new(StringComparer.Ordinal);

    /// <summary>The new states, in the order of their ids.</summary>
    public IReadOnlyDictionary<string, StreamState> States => _changed;

    /// <summary>Events to insert.</summary>
    public List<(string PersistenceId, long Sequence, long Ticks, NewEvent Event)> Events { get; } = [];

    /// <summary>Events to delete up to and with a sequence.</summary>
    public List<(string PersistenceId, long To)> Deletions { get; } = [];

    /// <summary>Snapshots to save, or null to delete all of an id, in order.</summary>
    public List<(string PersistenceId, Snapshot? Snapshot)> Snapshots { get; } = [];

    public AppendResult Append(
        string persistenceId, long expectedSequence, long writerEpoch, IReadOnlyList<NewEvent> events, long ticks)
    {
        AppendResult result = StateOf(persistenceId)
            .Append(expectedSequence, writerEpoch, events.Count, out StreamState next);
        if (result.IsStored)
        {
            long sequence = expectedSequence;
            foreach (NewEvent e in events)
            {
                Events.Add((persistenceId, ++sequence, ticks, e));
            }

            _changed[persistenceId] = next;
        }

        return result;
    }

    public long DeleteTo(string persistenceId, long toSequence)
    {
        StreamState state = StateOf(persistenceId);
        StreamState next = state.Delete(toSequence);
        if (next != state)
        {
            _changed[persistenceId] = next;
            Deletions.Add((persistenceId, next.DeletedTo));
        }

        return next.DeletedTo;
    }

    public long AcquireEpoch(string persistenceId)
    {
        StreamState state = StateOf(persistenceId);
        _changed[persistenceId] = state with { Epoch = state.Epoch + 1 };
        return state.Epoch + 1;
    }

    public long SaveSnapshot(string persistenceId, Snapshot snapshot)
    {
        // A snapshot needs the row's number, also where no event has made the row yet.
        _changed[persistenceId] = StateOf(persistenceId);
        Snapshots.Add((persistenceId, snapshot));
        return snapshot.Sequence;
    }

    public long DeleteSnapshots(string persistenceId)
    {
        if (rows.ContainsKey(persistenceId) || _changed.ContainsKey(persistenceId))
        {
            Snapshots.Add((persistenceId, null));
        }

        return 0;
    }

    private StreamState StateOf(string persistenceId) =>
        _changed.TryGetValue(persistenceId, out StreamState changed) ? changed
            : rows.TryGetValue(persistenceId, out PostgreSqlRow row) ? row.State
            : default;
}
