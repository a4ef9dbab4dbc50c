using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Proofs;

/// <summary>A list of hashes after a one-byte count.</summary>
internal static class DigestList
{
    /// <summary>Reads the list; the reader fails if it is cut or too long.</summary>
    public static bool TryRead(ref WireReader reader, int countMax, [NotNullWhen(true)] out Digest[]? list)
    {
        list = null;
        int count = reader.U8();
        if (reader.Failed || count > countMax || reader.Remaining < count * Digest.SizeBytes)
        {
            reader.Fail();
            return false;
        }

        list = new Digest[count];
        for (int i = 0; i < count; i++)
        {
            list[i] = reader.Digest();
        }

        return true;
    }
}
