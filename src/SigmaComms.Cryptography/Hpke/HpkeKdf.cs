using SigmaComms.Cryptography.Kdf;

namespace SigmaComms.Cryptography.Hpke;

/// <summary>The key derivation of an HPKE suite.</summary>
/// <remarks>Instances hold no state and are safe to use from any thread.</remarks>
/// <standard>RFC 9180, section 7.2.</standard>
public sealed class HpkeKdf
{
    private readonly Extractor _extract;
    private readonly Expander _expand;

    private HpkeKdf(ushort id, int hashSize, Extractor extract, Expander expand)
    {
        Id = id;
        HashSize = hashSize;
        _extract = extract;
        _expand = expand;
    }

    private delegate void Extractor(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKey, Span<byte> extracted);

    private delegate void Expander(ReadOnlySpan<byte> extracted, ReadOnlySpan<byte> info, Span<byte> output);

    /// <summary>HKDF-SHA256.</summary>
    public static HpkeKdf Sha256 { get; } = new(1, HkdfSha256.HashSize, HkdfSha256.Extract, HkdfSha256.Expand);

    /// <summary>HKDF-SHA384.</summary>
    public static HpkeKdf Sha384 { get; } = new(2, HkdfSha384.HashSize, HkdfSha384.Extract, HkdfSha384.Expand);

    /// <summary>HKDF-SHA512.</summary>
    public static HpkeKdf Sha512 { get; } = new(3, HkdfSha512.HashSize, HkdfSha512.Extract, HkdfSha512.Expand);

    /// <summary>The number by which the standard calls it.</summary>
    public ushort Id { get; }

    /// <summary>Size of its hash in bytes.</summary>
    public int HashSize { get; }

    internal void Extract(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKey, Span<byte> extracted) =>
        _extract(salt, inputKey, extracted);

    internal void Expand(ReadOnlySpan<byte> extracted, ReadOnlySpan<byte> info, Span<byte> output) =>
        _expand(extracted, info, output);
}
