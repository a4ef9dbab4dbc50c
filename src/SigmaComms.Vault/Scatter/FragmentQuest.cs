using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Scatter;

/// <summary>Which fragment to ask of which node next: each of its home first, the quickest homes first.</summary>
/// <remarks>
/// Parity costs the rebuilding and hashing of what it stands for, so it is asked for only where it comes in half the
/// time. What its home could not give is asked of the next in rank, after all that were not asked yet.
/// </remarks>
internal sealed class FragmentQuest
{
    private readonly Queue<FragmentAttempt> _attempts;
    private readonly NodeId[][] _ranks;

    /// <summary>Sorts the homes.</summary>
    /// <param name="ranks">For each fragment the nodes in rank.</param>
    /// <param name="dataFragments">How many of them are data; the first ones.</param>
    /// <param name="latencyOf">How long a node takes.</param>
    public FragmentQuest(NodeId[][] ranks, int dataFragments, Func<NodeId, TimeSpan> latencyOf)
    {
        _ranks = ranks;
        _attempts = new Queue<FragmentAttempt>(ranks
            .Select((rank, index) => new FragmentAttempt(index, 0, rank[0]))
            .OrderBy(attempt => latencyOf(attempt.Node) * (attempt.Index < dataFragments ? 1 : 2)));
    }

    /// <summary>Takes the next attempt, if there is any.</summary>
    public bool TryNext(out FragmentAttempt attempt) => _attempts.TryDequeue(out attempt);

    /// <summary>Tells that an attempt came to nothing.</summary>
    public void Failed(FragmentAttempt attempt)
    {
        int depth = attempt.Depth + 1;
        NodeId[] rank = _ranks[attempt.Index];
        if (depth < rank.Length)
        {
            _attempts.Enqueue(new FragmentAttempt(attempt.Index, depth, rank[depth]));
        }
    }
}
