using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Transactions;

/// <summary>A log of one vault in memory, with the rules of the control log. Safe to call from any thread.</summary>
/// <param name="vault">The vault.</param>
/// <param name="owner">Who may trim and say who writes.</param>
public sealed class MemoryLog(Digest vault, NodeId owner)
{
    private readonly Lock _gate = new();
    private readonly List<LogEntry> _entries = [];
    private readonly List<Digest> _heads = [LogEntry.StartOf(vault)];
    private readonly Dictionary<NodeId, ulong> _sequences = [];
    private readonly HashSet<NodeId> _writers = [owner];
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _first;

    /// <summary>The vault.</summary>
    public Digest Vault { get; } = vault;

    /// <summary>Lets somebody append.</summary>
    /// <param name="writer">Who.</param>
    public void AddWriter(NodeId writer)
    {
        lock (_gate)
        {
            _writers.Add(writer);
        }
    }

    /// <summary>No longer lets somebody append; their number is kept.</summary>
    /// <param name="writer">Who; the owner stays.</param>
    public void RemoveWriter(NodeId writer)
    {
        lock (_gate)
        {
            _ = writer != owner && _writers.Remove(writer);
        }
    }

    /// <summary>The log as a writer uses it.</summary>
    /// <param name="writer">Who.</param>
    public ICommandLog As(NodeId writer) => new MemoryCommandLog(this, writer);

    internal LogAppend Append(NodeId writer, ulong sequence, ReadOnlyMemory<byte> content)
    {
        TaskCompletionSource grown;
        ulong index;
        lock (_gate)
        {
            ulong expected = _sequences.GetValueOrDefault(writer) + 1;
            if (!_writers.Contains(writer) || sequence != expected)
            {
                return _writers.Contains(writer)
                    ? new LogAppend(LogStatus.WrongSequence, expected)
                    : new LogAppend(LogStatus.NotAllowed, 0);
            }

            index = (ulong)_entries.Count;
            LogEntry entry = new(index, writer, sequence, (long)index + 1, content.ToArray());
            _entries.Add(entry);
            _heads.Add(entry.HeadAfter(_heads[^1]));
            _sequences[writer] = sequence;
            grown = _grown;
            _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        grown.SetResult();
        return new LogAppend(LogStatus.Done, index);
    }

    internal LogRange Read(ulong first)
    {
        lock (_gate)
        {
            LogPosition end = new((ulong)_entries.Count, _heads[^1]);
            bool there = first >= (ulong)_first && first <= end.Count;
            return new LogRange(
                there ? LogStatus.Done : LogStatus.OutOfRange,
                (ulong)_first,
                _heads[_first],
                end,
                there ? _entries.GetRange((int)first, _entries.Count - (int)first) : []);
        }
    }

    internal Task GrowthBeyond(ulong count)
    {
        lock (_gate)
        {
            return (ulong)_entries.Count > count ? Task.CompletedTask : _grown.Task;
        }
    }

    internal LogStatus Trim(NodeId writer, ulong first)
    {
        lock (_gate)
        {
            if (writer != owner || first < (ulong)_first || first > (ulong)_entries.Count)
            {
                return writer == owner ? LogStatus.OutOfRange : LogStatus.NotAllowed;
            }

            _first = (int)first;
            return LogStatus.Done;
        }
    }
}
