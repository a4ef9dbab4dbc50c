using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace SigmaComms.Persistence.InMemory;

/// <summary>A journal and snapshot store in memory, for tests and simulation. Every call ends at once.</summary>
/// <remarks>Safe to call from any thread. It keeps every rule of the durable stores except durability.</remarks>
public sealed class InMemoryStore : IJournal, ISnapshotStore
{
    private const int SnapshotsKept = 2;

    private readonly SortedDictionary<string, Stream> _streams;
    private readonly TimeProvider _time;
    private bool _disposed;

    /// <summary>Makes an empty store.</summary>
    /// <param name="time">Stamps the events.</param>
    public InMemoryStore(TimeProvider time)
        : this(time, new SortedDictionary<string, Stream>(StringComparer.Ordinal))
    {
    }

    private InMemoryStore(TimeProvider time, SortedDictionary<string, Stream> streams)
    {
        _time = time;
        _streams = streams;
    }

    /// <summary>Another store over the same content, as after a restart; this one may be disposed or not.</summary>
    public InMemoryStore Reopen() => new(_time, _streams);

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(
        string persistenceId,
        long expectedSequence,
        long writerEpoch,
        IReadOnlyList<NewEvent> events,
        CancellationToken ct)
    {
        JournalArguments.RequireAppend(persistenceId, expectedSequence, writerEpoch, events);
        ThrowIfUnusable(ct);
        if (JournalArguments.OverLimit(expectedSequence, events, out _) is { } reason)
        {
            return new ValueTask<AppendResult>(new AppendResult(AppendStatus.Rejected, -1, reason));
        }

        lock (_streams)
        {
            StreamState before = _streams.TryGetValue(persistenceId, out Stream? stream) ? stream.State : default;
            AppendResult result = before.Append(expectedSequence, writerEpoch, events.Count, out StreamState next);
            if (result.IsStored)
            {
                Stream target = StreamOf(persistenceId);
                long ticks = _time.GetUtcNow().UtcTicks;
                foreach (NewEvent e in events)
                {
                    target.Events.Add(new JournalEvent(
                        ++expectedSequence, e.TypeId, e.Version, ticks, e.Payload.ToArray()));
                }

                target.State = next;
            }

            return new ValueTask<AppendResult>(result);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<JournalEvent> ReplayAsync(string persistenceId, long fromSequence, CancellationToken ct)
    {
        JournalArguments.RequireId(persistenceId);
        ArgumentOutOfRangeException.ThrowIfNegative(fromSequence);
        ThrowIfUnusable(ct);
        lock (_streams)
        {
            JournalEvent[] events = _streams.TryGetValue(persistenceId, out Stream? stream)
                ? [.. stream.Events.Where(e => e.Sequence >= fromSequence)]
                : [];
            return GiveAsync(events, ct);
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> HighestSequenceAsync(string persistenceId, CancellationToken ct)
    {
        JournalArguments.RequireId(persistenceId);
        ThrowIfUnusable(ct);
        lock (_streams)
        {
            return new ValueTask<long>(
                _streams.TryGetValue(persistenceId, out Stream? stream) ? stream.State.Highest : 0);
        }
    }

    /// <inheritdoc/>
    public ValueTask DeleteToAsync(string persistenceId, long toSequence, CancellationToken ct)
    {
        JournalArguments.RequireId(persistenceId);
        ArgumentOutOfRangeException.ThrowIfNegative(toSequence);
        ThrowIfUnusable(ct);
        lock (_streams)
        {
            if (_streams.TryGetValue(persistenceId, out Stream? stream))
            {
                stream.Events.RemoveAll(e => e.Sequence <= toSequence);
                stream.State = stream.State.Delete(toSequence);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<long> AcquireEpochAsync(string persistenceId, CancellationToken ct)
    {
        JournalArguments.RequireId(persistenceId);
        ThrowIfUnusable(ct);
        lock (_streams)
        {
            Stream stream = StreamOf(persistenceId);
            stream.State = stream.State with { Epoch = stream.State.Epoch + 1 };
            return new ValueTask<long>(stream.State.Epoch);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<string> PersistenceIdsAsync(string prefix, CancellationToken ct)
    {
        JournalArguments.RequirePrefix(prefix);
        ThrowIfUnusable(ct);
        lock (_streams)
        {
            return GiveAsync(
                [.. _streams.Where(s => s.Value.State.Highest > 0 && s.Key.StartsWith(prefix, StringComparison.Ordinal))
                    .Select(s => s.Key)],
                ct);
        }
    }

    /// <inheritdoc/>
    public ValueTask SaveAsync(string persistenceId, Snapshot snapshot, CancellationToken ct)
    {
        JournalArguments.RequireSnapshot(persistenceId, snapshot);
        ThrowIfUnusable(ct);
        lock (_streams)
        {
            SortedDictionary<long, StoredSnapshot> snapshots = StreamOf(persistenceId).Snapshots;
            byte[] payload = snapshot.Payload.ToArray();
            snapshots[snapshot.Sequence] =
                new StoredSnapshot(snapshot with { Payload = payload }, payload, SHA256.HashData(payload));
            while (snapshots.Count > SnapshotsKept)
            {
                snapshots.Remove(snapshots.Keys.First());
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<Snapshot?> LoadAsync(string persistenceId, CancellationToken ct) => Load(persistenceId, 0, ct);

    /// <inheritdoc/>
    public ValueTask<Snapshot?> LoadOlderAsync(string persistenceId, CancellationToken ct) =>
        Load(persistenceId, 1, ct);

    /// <inheritdoc/>
    public ValueTask DeleteAllAsync(string persistenceId, CancellationToken ct)
    {
        JournalArguments.RequireId(persistenceId);
        ThrowIfUnusable(ct);
        lock (_streams)
        {
            if (_streams.TryGetValue(persistenceId, out Stream? stream))
            {
                stream.Snapshots.Clear();
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Makes this store unusable; the content stays for <see cref="Reopen"/>.</summary>
    public ValueTask DisposeAsync()
    {
        _disposed = true;
        return ValueTask.CompletedTask;
    }

    /// <summary>Changes a stored snapshot behind the store's back, as a failing disk would.</summary>
    internal void DamageSnapshot(string persistenceId, long sequence)
    {
        lock (_streams)
        {
            _streams[persistenceId].Snapshots[sequence].Bytes[0] ^= 1;
        }
    }

    private ValueTask<Snapshot?> Load(string persistenceId, int newer, CancellationToken ct)
    {
        JournalArguments.RequireId(persistenceId);
        ThrowIfUnusable(ct);
        lock (_streams)
        {
            Snapshot? found = _streams.TryGetValue(persistenceId, out Stream? stream)
                ? stream.Snapshots.Values.Reverse().Skip(newer).FirstOrDefault(static s => s.IsWhole)?.Snapshot
                : null;
            return new ValueTask<Snapshot?>(found);
        }
    }

    private static async IAsyncEnumerable<T> GiveAsync<T>(
        T[] items, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (T item in items)
        {
            ct.ThrowIfCancellationRequested();
            yield return item;
        }

        await ValueTask.CompletedTask;
    }

    private void ThrowIfUnusable(CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ct.ThrowIfCancellationRequested();
    }

    private Stream StreamOf(string persistenceId)
    {
        if (!_streams.TryGetValue(persistenceId, out Stream? stream))
        {
            stream = new Stream();
            _streams.Add(persistenceId, stream);
        }

        return stream;
    }

    private sealed class Stream
    {
        public List<JournalEvent> Events { get; } = [];

        public SortedDictionary<long, StoredSnapshot> Snapshots { get; } = [];

        public StreamState State { get; set; }
    }

    private sealed record StoredSnapshot(Snapshot Snapshot, byte[] Bytes, byte[] Checksum)
    {
        public bool IsWhole => SHA256.HashData(Bytes).AsSpan().SequenceEqual(Checksum);
    }
}
