using SigmaComms.Cryptography;

namespace SigmaComms.Consensus;

/// <summary>The validators of one epoch in the order of their node ids; their places name them.</summary>
/// <standard>Byzantine quorums: any two share at least f + 1 validators, so an honest one.</standard>
public sealed class ValidatorSet
{
    /// <summary>At most this many validate: 64, so that a bitmap of them is one word.</summary>
    public const int CountMax = 64;

    private readonly Validator[] _validators;

    /// <summary>Takes over the validators and sorts them.</summary>
    /// <param name="epoch">The epoch in which they vote.</param>
    /// <param name="validators">1 to 64, no node twice, no key twice.</param>
    /// <exception cref="ArgumentException">There are none, too many, or a node or key stands there twice.</exception>
    public ValidatorSet(Epoch epoch, IEnumerable<Validator> validators)
    {
        _validators = [.. validators.OrderBy(validator => validator.Node)];
        if (_validators.Length is 0 or > CountMax)
        {
            throw new ArgumentException($"There must be 1 to {CountMax} validators.", nameof(validators));
        }

        RequireDistinct(_validators.Select(validator => validator.Node.Value), nameof(validators));
        RequireDistinct(_validators.Select(v => Digest.Sha256(v.VotingKey.Span)), nameof(validators));
        Epoch = epoch;
    }

    /// <summary>The epoch in which they vote.</summary>
    public Epoch Epoch { get; }

    /// <summary>How many there are: n.</summary>
    public int Count => _validators.Length;

    /// <summary>How many may be Byzantine: f = floor((n - 1) / 3).</summary>
    public int FaultsMax => (Count - 1) / 3;

    /// <summary>Votes that make a certificate: floor((n + f) / 2) + 1.</summary>
    public int Quorum => ((Count + FaultsMax) / 2) + 1;

    /// <summary>The validators in their order.</summary>
    public IReadOnlyList<Validator> Members => _validators;

    /// <summary>The validator at a place.</summary>
    /// <param name="index">0 to n - 1.</param>
    public Validator this[int index] => _validators[index];

    /// <summary>The place of the validator that may propose in a view.</summary>
    /// <param name="view">The view.</param>
    public int LeaderOf(View view) => (int)(view.Value % (ulong)Count);

    /// <summary>The place of a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="index">Its place, or -1.</param>
    /// <returns>False if it does not vote in this epoch.</returns>
    public bool TryIndexOf(NodeId node, out int index)
    {
        index = Array.FindIndex(_validators, validator => validator.Node == node);
        return index >= 0;
    }

    private static void RequireDistinct(IEnumerable<Digest> values, string parameter)
    {
        List<Digest> sorted = [.. values.Order()];
        for (int i = 1; i < sorted.Count; i++)
        {
            if (sorted[i] == sorted[i - 1])
            {
                throw new ArgumentException("A node or a key stands there twice.", parameter);
            }
        }
    }
}
