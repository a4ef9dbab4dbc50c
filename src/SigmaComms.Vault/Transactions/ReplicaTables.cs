using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Transactions;

/// <summary>What a replica knows of its log besides the namespace.</summary>
internal sealed class ReplicaTables
{
    private readonly SortedDictionary<NodeId, ulong> _sequences = [];
    private readonly Digest[] _heads = new Digest[VaultReplica.Window + 1];
    private readonly Queue<(ulong Index, StripeId Stripe)> _dropped = new();
    private readonly HashSet<StripeId> _droppedIds = [];

    /// <summary>Starts before the first entry.</summary>
    public ReplicaTables(Digest vault)
    {
        Position = new LogPosition(0, LogEntry.StartOf(vault));
        _heads[0] = Position.Head;
    }

    /// <summary>Starts from a snapshot.</summary>
    public ReplicaTables(
        ulong count,
        IReadOnlyList<Digest> heads,
        IReadOnlyList<(NodeId Writer, ulong Sequence)> sequences,
        IReadOnlyList<(ulong Index, StripeId Stripe)> dropped)
    {
        Position = new LogPosition(count, heads[^1]);
        for (int i = 0; i < heads.Count; i++)
        {
            _heads[PlaceOf(count - (ulong)(heads.Count - 1 - i))] = heads[i];
        }

        foreach ((NodeId writer, ulong sequence) in sequences)
        {
            _sequences.Add(writer, sequence);
        }

        foreach ((ulong Index, StripeId Stripe) stripe in dropped)
        {
            _dropped.Enqueue(stripe);
            _droppedIds.Add(stripe.Stripe);
        }
    }

    /// <summary>How far the log was followed.</summary>
    public LogPosition Position { get; private set; }

    /// <summary>How many heads after the last entries are known, that of the position among them.</summary>
    public int HeadCount => (int)Math.Min(Position.Count, VaultReplica.Window) + 1;

    /// <summary>How far each writer came, ascending by writer.</summary>
    public IReadOnlyCollection<KeyValuePair<NodeId, ulong>> Sequences => _sequences;

    /// <summary>Stripes that the nodes were told of within the window, in their order.</summary>
    public IReadOnlyCollection<(ulong Index, StripeId Stripe)> Dropped => _dropped;

    /// <summary>The last number of a writer, or 0.</summary>
    public ulong SequenceOf(NodeId writer) => _sequences.GetValueOrDefault(writer);

    /// <summary>The head after so many entries; null if that is too long ago, or not yet.</summary>
    public Digest? HeadAt(ulong count)
    {
        bool known = count <= Position.Count && Position.Count - count < (ulong)HeadCount;
        return known ? _heads[PlaceOf(count)] : null;
    }

    /// <summary>Whether what a writer had seen may be a past of this log.</summary>
    public bool Agrees(LogPosition seen) =>
        seen.Count <= Position.Count && (HeadAt(seen.Count) is not { } head || head == seen.Head);

    /// <summary>Whether the nodes were told within the window that a stripe may go.</summary>
    public bool WasDropped(StripeId stripe) => _droppedIds.Contains(stripe);

    /// <summary>Notes that the nodes are told now.</summary>
    public void Drop(StripeId stripe)
    {
        _dropped.Enqueue((Position.Count, stripe));
        _droppedIds.Add(stripe);
    }

    /// <summary>Goes on to the next entry.</summary>
    public void Advance(LogEntry entry)
    {
        _sequences[entry.Writer] = entry.Sequence;
        Position = new LogPosition(entry.Index + 1, entry.HeadAfter(Position.Head));
        _heads[PlaceOf(Position.Count)] = Position.Head;
        while (_dropped.TryPeek(out (ulong Index, StripeId Stripe) oldest)
            && oldest.Index + VaultReplica.Window < Position.Count)
        {
            _dropped.Dequeue();
            _droppedIds.Remove(oldest.Stripe);
        }
    }

    private static int PlaceOf(ulong count) => (int)(count % (VaultReplica.Window + 1));
}
