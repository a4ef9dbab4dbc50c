using System.Security.Cryptography;

namespace SigmaComms.Cryptography.Kdf;

/// <summary>HKDF with SHA-256, by the framework.</summary>
/// <remarks>Time depends on lengths only. Safe to call from any thread.</remarks>
/// <standard>RFC 5869.</standard>
public static class HkdfSha256
{
    /// <summary>Size of a hash and of an extracted key: 32 bytes.</summary>
    public const int HashSize = 32;

    /// <summary>The longest output of <see cref="Expand"/>: 255 hashes.</summary>
    public const int OutputSizeMax = 255 * HashSize;

    /// <summary>Concentrates key material into one key.</summary>
    /// <param name="salt">Any number of bytes, not secret; empty is allowed.</param>
    /// <param name="inputKey">Secret key material.</param>
    /// <param name="extractedKey">Receives 32 secret bytes; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">The output has the wrong length.</exception>
    public static void Extract(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKey, Span<byte> extractedKey) =>
        Hkdf.Extract(HashAlgorithmName.SHA256, HashSize, salt, inputKey, extractedKey);

    /// <summary>Makes as many bytes of key as asked from an extracted key.</summary>
    /// <param name="extractedKey">32 secret bytes.</param>
    /// <param name="info">What the output is for; binds it to its use.</param>
    /// <param name="output">Receives 0 to 8160 secret bytes; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void Expand(ReadOnlySpan<byte> extractedKey, ReadOnlySpan<byte> info, Span<byte> output) =>
        Hkdf.Expand(HashAlgorithmName.SHA256, HashSize, extractedKey, info, output);

    /// <summary>Extracts and expands in one call.</summary>
    /// <param name="inputKey">Secret key material.</param>
    /// <param name="salt">Any number of bytes, not secret; empty is allowed.</param>
    /// <param name="info">What the output is for; binds it to its use.</param>
    /// <param name="output">Receives 0 to 8160 secret bytes; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">The output is too long.</exception>
    public static void DeriveKey(
        ReadOnlySpan<byte> inputKey, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info, Span<byte> output) =>
        Hkdf.DeriveKey(HashAlgorithmName.SHA256, HashSize, inputKey, salt, info, output);
}
