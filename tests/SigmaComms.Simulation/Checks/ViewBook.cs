using System.Numerics;
using SigmaComms.Cryptography;

namespace SigmaComms.Simulation.Checks;

/// <summary>All votes that anybody ever signed for one view, whoever saw them.</summary>
internal sealed class ViewBook
{
    public SortedDictionary<Digest, ulong> Notarize { get; } = [];

    public SortedDictionary<Digest, ulong> Finalize { get; } = [];

    public ulong Nullify { get; set; }

    public static void Add(SortedDictionary<Digest, ulong> votes, Digest block, int voter) =>
        votes[block] = votes.GetValueOrDefault(block) | (1UL << voter);

    public static int Count(ulong voters) => BitOperations.PopCount(voters);
}
