using SigmaComms.Cryptography.Hashing;

namespace SigmaComms.Cryptography.Kem;

/// <summary>ML-KEM and a Diffie-Hellman group in one mechanism that stands as long as either of them does.</summary>
/// <remarks>
/// The private key is a seed of 32 bytes. Keys and ciphertexts are ML-KEM's, then the group's. The group's ciphertext
/// and key go into the hash of the result; ML-KEM's need not, since ML-KEM binds them itself.
/// </remarks>
/// <standard>
/// draft-irtf-cfrg-hybrid-kems (the combiner CG with a seed); draft-connolly-cfrg-xwing-kem-10, section 5.
/// </standard>
internal sealed class HybridKem : KemAlgorithm
{
    private const int SeedSize = 32;
    private const int SecretSize = Sha3.Hash256Size;
    private const int LatticeSeedSize = 64;
    private const int LatticeSecretSize = 32;
    private const int LatticeRandomnessSize = 32;

    private readonly KemAlgorithm _lattice;
    private readonly IHybridGroup _group;
    private readonly byte[] _label;

    private HybridKem(string name, KemAlgorithm lattice, IHybridGroup group, ReadOnlySpan<byte> label)
        : base(name)
    {
        _lattice = lattice;
        _group = group;
        _label = label.ToArray();
    }

    public static HybridKem XWing { get; } = new(
        "X-Wing", LatticeKem.MlKem768, X25519Group.Instance, @"\.//^\"u8);

    public static HybridKem MlKem768P256 { get; } = new(
        "MLKEM768-P256", LatticeKem.MlKem768, NistGroup.P256, "MLKEM768-P256"u8);

    public static HybridKem MlKem1024P384 { get; } = new(
        "MLKEM1024-P384", LatticeKem.MlKem1024, NistGroup.P384, "MLKEM1024-P384"u8);

    public override int PrivateKeySize => SeedSize;

    public override int EncapsulationKeySize => _lattice.EncapsulationKeySize + _group.ElementSize;

    public override int CiphertextSize => _lattice.CiphertextSize + _group.ElementSize;

    public override int SharedSecretSize => SecretSize;

    public override int RandomnessSize => LatticeRandomnessSize + _group.SeedSize;

    public override void DeriveEncapsulationKey(ReadOnlySpan<byte> privateKey, Span<byte> encapsulationKey)
    {
        Size.Require(privateKey, SeedSize);
        Size.Require(encapsulationKey, EncapsulationKeySize);
        using SecretBytes expanded = Expand(privateKey);
        _lattice.DeriveEncapsulationKey(LatticeSeed(expanded), encapsulationKey[.._lattice.EncapsulationKeySize]);
        _group.MultiplyBase(Scalar(expanded), encapsulationKey[_lattice.EncapsulationKeySize..]);
    }

    public override bool IsValidEncapsulationKey(ReadOnlySpan<byte> encapsulationKey) =>
        encapsulationKey.Length == EncapsulationKeySize
        && _lattice.IsValidEncapsulationKey(encapsulationKey[.._lattice.EncapsulationKeySize])
        && _group.IsElement(encapsulationKey[_lattice.EncapsulationKeySize..]);

    public override bool TryEncapsulate(
        ReadOnlySpan<byte> encapsulationKey,
        ReadOnlySpan<byte> randomness,
        Span<byte> ciphertext,
        Span<byte> sharedSecret)
    {
        Size.Require(encapsulationKey, EncapsulationKeySize);
        Size.Require(randomness, RandomnessSize);
        Size.Require(ciphertext, CiphertextSize);
        Size.Require(sharedSecret, SecretSize);
        ReadOnlySpan<byte> peerElement = encapsulationKey[_lattice.EncapsulationKeySize..];
        Span<byte> element = ciphertext[_lattice.CiphertextSize..];
        using SecretBytes secrets = new(LatticeSecretSize + _group.SecretSize);
        using SecretBytes scalar = new(_group.ScalarSize);
        if (!_group.TryMakeScalar(randomness[LatticeRandomnessSize..], scalar.Span))
        {
            throw new ArgumentException("The randomness holds no scalar: it is not random.", nameof(randomness));
        }

        bool good = _lattice.TryEncapsulate(
                encapsulationKey[.._lattice.EncapsulationKeySize],
                randomness[..LatticeRandomnessSize],
                ciphertext[.._lattice.CiphertextSize],
                secrets.Span[..LatticeSecretSize])
            && _group.TryMultiply(scalar.Span, peerElement, secrets.Span[LatticeSecretSize..]);
        if (!good)
        {
            return Refuse(ciphertext, sharedSecret);
        }

        _group.MultiplyBase(scalar.Span, element);
        Combine(secrets.Span, element, peerElement, sharedSecret);
        return true;
    }

    public override bool TryDecapsulate(
        ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret)
    {
        Size.Require(privateKey, SeedSize);
        Size.Require(ciphertext, CiphertextSize);
        Size.Require(sharedSecret, SecretSize);
        ReadOnlySpan<byte> element = ciphertext[_lattice.CiphertextSize..];
        using SecretBytes expanded = Expand(privateKey);
        using SecretBytes secrets = new(LatticeSecretSize + _group.SecretSize);
        bool good = _lattice.TryDecapsulate(
                LatticeSeed(expanded), ciphertext[.._lattice.CiphertextSize], secrets.Span[..LatticeSecretSize])
            && _group.TryMultiply(Scalar(expanded), element, secrets.Span[LatticeSecretSize..]);
        if (!good)
        {
            return Refuse(default, sharedSecret);
        }

        Span<byte> ownElement = stackalloc byte[_group.ElementSize];
        _group.MultiplyBase(Scalar(expanded), ownElement);
        Combine(secrets.Span, element, ownElement, sharedSecret);
        return true;
    }

    /// <summary>
    /// Hashes the secrets of both halves, the group's ciphertext and key, and the label into one secret.
    /// </summary>
    internal void Combine(
        ReadOnlySpan<byte> secrets, ReadOnlySpan<byte> element, ReadOnlySpan<byte> keyElement, Span<byte> sharedSecret)
    {
        int size = secrets.Length + element.Length + keyElement.Length + _label.Length;
        using SecretBytes joined = new(size);
        Span<byte> rest = joined.Span;
        secrets.CopyTo(rest);
        rest = rest[secrets.Length..];
        element.CopyTo(rest);
        rest = rest[element.Length..];
        keyElement.CopyTo(rest);
        rest = rest[keyElement.Length..];
        _label.CopyTo(rest);
        Sha3.Hash256(joined.Span, sharedSecret);
    }

    private static ReadOnlySpan<byte> LatticeSeed(SecretBytes expanded) => expanded.Span[..LatticeSeedSize];

    private static ReadOnlySpan<byte> Scalar(SecretBytes expanded) => expanded.Span[LatticeSeedSize..];

    /// <summary>The private keys of both halves: ML-KEM's seed, then the group's scalar.</summary>
    private SecretBytes Expand(ReadOnlySpan<byte> seed)
    {
        using SecretBytes uniform = new(LatticeSeedSize + _group.SeedSize);
        Shake256.HashData(seed, uniform.Span);
        SecretBytes expanded = new(LatticeSeedSize + _group.ScalarSize);
        uniform.Span[..LatticeSeedSize].CopyTo(expanded.Span);
        bool made = _group.TryMakeScalar(uniform.Span[LatticeSeedSize..], expanded.Span[LatticeSeedSize..]);
        Invariant.Holds(made);
        return expanded;
    }
}
