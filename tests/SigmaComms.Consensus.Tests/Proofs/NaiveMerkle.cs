using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Tests.Proofs;

/// <summary>The standard's recursive definition, word for word, to compare with.</summary>
internal static class NaiveMerkle
{
    public static Digest Root(ReadOnlySpan<byte[]> entries)
    {
        if (entries.Length <= 1)
        {
            return entries.Length == 0 ? Digest.Sha256([]) : Digest.Sha256([0, .. entries[0]]);
        }

        int split = 1;
        while (split * 2 < entries.Length)
        {
            split *= 2;
        }

        return Digest.Sha256([1, .. Root(entries[..split]).ToArray(), .. Root(entries[split..]).ToArray()]);
    }
}
