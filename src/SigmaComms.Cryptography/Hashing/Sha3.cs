namespace SigmaComms.Cryptography.Hashing;

/// <summary>SHA3-256 and SHA3-512 in one call.</summary>
/// <remarks>Time and memory access depend on lengths only. Safe to call from any thread.</remarks>
/// <standard>FIPS 202, section 6.1.</standard>
public static class Sha3
{
    /// <summary>Size of a SHA3-256 hash: 32 bytes.</summary>
    public const int Hash256Size = 32;

    /// <summary>Size of a SHA3-512 hash: 64 bytes.</summary>
    public const int Hash512Size = 64;

    /// <summary>SHA3-256.</summary>
    /// <param name="data">Any number of bytes.</param>
    /// <param name="hash">Receives 32 bytes.</param>
    /// <exception cref="ArgumentException">The output has the wrong length.</exception>
    public static void Hash256(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        Size.Require(hash, Hash256Size);
        HashData(data, default, hash);
    }

    /// <summary>SHA3-512.</summary>
    /// <param name="data">Any number of bytes.</param>
    /// <param name="hash">Receives 64 bytes.</param>
    /// <exception cref="ArgumentException">The output has the wrong length.</exception>
    public static void Hash512(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        Size.Require(hash, Hash512Size);
        HashData(data, default, hash);
    }

    /// <summary>Hashes two pieces in a row; the output's size says which SHA-3.</summary>
    internal static void HashData(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> hash)
    {
        KeccakSponge sponge = KeccakSponge.Sha3(hash.Length);
        try
        {
            sponge.Absorb(first);
            sponge.Absorb(second);
            sponge.Squeeze(hash);
        }
        finally
        {
            sponge.Clear();
        }
    }
}
