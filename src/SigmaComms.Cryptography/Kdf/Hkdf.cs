using System.Security.Cryptography;

namespace SigmaComms.Cryptography.Kdf;

/// <summary>HKDF with any hash, by the framework: what the public classes share.</summary>
/// <standard>RFC 5869.</standard>
internal static class Hkdf
{
    private const int HashSizeMax = 64;

    /// <summary>Concentrates key material into one key of the hash's size.</summary>
    public static void Extract(
        HashAlgorithmName hash,
        int hashSize,
        ReadOnlySpan<byte> salt,
        ReadOnlySpan<byte> inputKey,
        Span<byte> extractedKey)
    {
        Size.Require(extractedKey, hashSize);

        // The framework fails on a span that is empty and points nowhere.
        ReadOnlySpan<byte> input = inputKey.IsEmpty ? Array.Empty<byte>() : inputKey;
        HKDF.Extract(hash, input, salt, extractedKey);
    }

    /// <summary>Makes as many bytes of key as asked, up to 255 hashes, from an extracted key.</summary>
    public static void Expand(
        HashAlgorithmName hash,
        int hashSize,
        ReadOnlySpan<byte> extractedKey,
        ReadOnlySpan<byte> info,
        Span<byte> output)
    {
        Size.Require(extractedKey, hashSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(output.Length, 255 * hashSize, nameof(output));
        if (!output.IsEmpty)
        {
            HKDF.Expand(hash, extractedKey, output, info);
        }
    }

    /// <summary>Extracts and expands in one call.</summary>
    public static void DeriveKey(
        HashAlgorithmName hash,
        int hashSize,
        ReadOnlySpan<byte> inputKey,
        ReadOnlySpan<byte> salt,
        ReadOnlySpan<byte> info,
        Span<byte> output)
    {
        Span<byte> extractedKey = stackalloc byte[HashSizeMax];
        extractedKey = extractedKey[..hashSize];
        try
        {
            Extract(hash, hashSize, salt, inputKey, extractedKey);
            Expand(hash, hashSize, extractedKey, info, output);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(extractedKey);
        }
    }
}
