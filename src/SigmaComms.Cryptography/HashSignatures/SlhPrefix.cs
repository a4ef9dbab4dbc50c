using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cryptography.HashSignatures;

/// <summary>What is put before a message: whether it is hashed, its context, and by what it is hashed.</summary>
/// <standard>FIPS 205, algorithm 22, line 8, and algorithm 23, line 25.</standard>
internal static class SlhPrefix
{
    /// <summary>Most bytes of a prefix.</summary>
    public const int SizeMax = 2 + SlhParameters.ContextSizeMax + PreHash.IdentifierSize;

    private const byte Pure = 0;
    private const byte PreHashed = 1;

    /// <summary>Writes the prefix of a message itself.</summary>
    /// <param name="context">At most 255 bytes.</param>
    /// <param name="prefix">Room for the longest prefix.</param>
    /// <returns>How many bytes the prefix has.</returns>
    public static int Write(ReadOnlySpan<byte> context, Span<byte> prefix)
    {
        prefix[0] = Pure;
        prefix[1] = (byte)context.Length;
        context.CopyTo(prefix[2..]);
        return 2 + context.Length;
    }

    /// <summary>Writes the prefix of the hash of a message.</summary>
    /// <param name="context">At most 255 bytes.</param>
    /// <param name="algorithm">What hashes the message.</param>
    /// <param name="prefix">Room for the longest prefix.</param>
    /// <returns>How many bytes the prefix has.</returns>
    public static int Write(ReadOnlySpan<byte> context, PreHashAlgorithm algorithm, Span<byte> prefix)
    {
        int size = Write(context, prefix);
        prefix[0] = PreHashed;
        PreHash.WriteIdentifier(algorithm, prefix.Slice(size, PreHash.IdentifierSize));
        return size + PreHash.IdentifierSize;
    }
}
