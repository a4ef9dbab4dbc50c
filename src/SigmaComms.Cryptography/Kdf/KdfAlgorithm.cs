namespace SigmaComms.Cryptography.Kdf;

/// <summary>Key derivation in two steps: its name, its sizes and what it does, the same way for all.</summary>
/// <remarks>Time depends on lengths only. Instances hold no state and are safe to use from any thread.</remarks>
/// <standard>RFC 5869 (HKDF).</standard>
public sealed class KdfAlgorithm
{
    private readonly Extractor _extract;
    private readonly Expander _expand;

    private KdfAlgorithm(string name, int hashSize, Extractor extract, Expander expand)
    {
        Name = name;
        HashSize = hashSize;
        _extract = extract;
        _expand = expand;
    }

    private delegate void Extractor(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKey, Span<byte> extractedKey);

    private delegate void Expander(ReadOnlySpan<byte> extractedKey, ReadOnlySpan<byte> info, Span<byte> output);

    /// <summary>HKDF with SHA-256.</summary>
    public static KdfAlgorithm HkdfSha256 { get; } =
        new("HKDF-SHA256", Kdf.HkdfSha256.HashSize, Kdf.HkdfSha256.Extract, Kdf.HkdfSha256.Expand);

    /// <summary>HKDF with SHA-384.</summary>
    public static KdfAlgorithm HkdfSha384 { get; } =
        new("HKDF-SHA384", Kdf.HkdfSha384.HashSize, Kdf.HkdfSha384.Extract, Kdf.HkdfSha384.Expand);

    /// <summary>HKDF with SHA-512.</summary>
    public static KdfAlgorithm HkdfSha512 { get; } =
        new("HKDF-SHA512", Kdf.HkdfSha512.HashSize, Kdf.HkdfSha512.Extract, Kdf.HkdfSha512.Expand);

    /// <summary>The name by which the standard calls it.</summary>
    public string Name { get; }

    /// <summary>Size of its hash and of an extracted key in bytes.</summary>
    public int HashSize { get; }

    /// <summary>The longest output: 255 hashes.</summary>
    public int OutputSizeMax => 255 * HashSize;

    /// <summary>Concentrates key material into one key.</summary>
    /// <param name="salt">Any number of bytes, not secret; empty is allowed.</param>
    /// <param name="inputKey">Secret key material.</param>
    /// <param name="extractedKey">Receives <see cref="HashSize"/> secret bytes; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">The output has the wrong length.</exception>
    public void Extract(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKey, Span<byte> extractedKey) =>
        _extract(salt, inputKey, extractedKey);

    /// <summary>Makes as many bytes of key as asked from an extracted key.</summary>
    /// <param name="extractedKey"><see cref="HashSize"/> secret bytes.</param>
    /// <param name="info">What the output is for; binds it to its use.</param>
    /// <param name="output">Up to <see cref="OutputSizeMax"/> secret bytes; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public void Expand(ReadOnlySpan<byte> extractedKey, ReadOnlySpan<byte> info, Span<byte> output) =>
        _expand(extractedKey, info, output);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
