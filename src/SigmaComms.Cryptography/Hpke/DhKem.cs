using System.Security.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kem;

namespace SigmaComms.Cryptography.Hpke;

/// <summary>Diffie-Hellman made a key encapsulation mechanism.</summary>
/// <remarks>
/// The private key is the group's scalar. The randomness of an encapsulation is the input of DeriveKeyPair for the
/// ephemeral key, as in the standard's test vectors.
/// </remarks>
/// <standard>RFC 9180, sections 4.1 and 7.1.</standard>
internal sealed class DhKem : KemAlgorithm
{
    private readonly IHybridGroup _group;
    private readonly HpkeKdf _kdf;
    private readonly byte[] _suite;
    private readonly byte _firstByteMask;
    private readonly bool _rejects;

    private DhKem(string name, ushort id, IHybridGroup group, HpkeKdf kdf, byte firstByteMask, bool rejects)
        : base(name)
    {
        _group = group;
        _kdf = kdf;
        _firstByteMask = firstByteMask;
        _rejects = rejects;
        _suite = [.. "KEM"u8, (byte)(id >> 8), (byte)id];
    }

    public static DhKem P256 { get; } =
        new("DHKEM(P-256, HKDF-SHA256)", 0x10, NistGroup.P256, HpkeKdf.Sha256, 0xFF, rejects: true);

    public static DhKem P384 { get; } =
        new("DHKEM(P-384, HKDF-SHA384)", 0x11, NistGroup.P384, HpkeKdf.Sha384, 0xFF, rejects: true);

    public static DhKem P521 { get; } =
        new("DHKEM(P-521, HKDF-SHA512)", 0x12, NistGroup.P521, HpkeKdf.Sha512, 0x01, rejects: true);

    public static DhKem X25519 { get; } =
        new("DHKEM(X25519, HKDF-SHA256)", 0x20, X25519Group.Instance, HpkeKdf.Sha256, 0xFF, rejects: false);

    public override int PrivateKeySize => _group.ScalarSize;

    public override int EncapsulationKeySize => _group.ElementSize;

    public override int CiphertextSize => _group.ElementSize;

    public override int SharedSecretSize => _kdf.HashSize;

    public override int RandomnessSize => _group.ScalarSize;

    public override void GeneratePrivateKey(IRandomSource random, Span<byte> privateKey)
    {
        ArgumentNullException.ThrowIfNull(random);
        Size.Require(privateKey, PrivateKeySize);
        using SecretBytes input = new(RandomnessSize);
        random.Fill(input.Span);
        DerivePrivateKey(input.Span, privateKey);
    }

    /// <summary>DeriveKeyPair, the private half.</summary>
    public void DerivePrivateKey(ReadOnlySpan<byte> inputKey, Span<byte> privateKey)
    {
        using SecretBytes extracted = new(_kdf.HashSize);
        HpkeLabels.Extract(_kdf, _suite, default, "dkp_prk"u8, inputKey, extracted.Span);
        if (!_rejects)
        {
            HpkeLabels.Expand(_kdf, _suite, extracted.Span, "sk"u8, default, privateKey);
            return;
        }

        for (int i = 0; i <= byte.MaxValue; i++)
        {
            HpkeLabels.Expand(_kdf, _suite, extracted.Span, "candidate"u8, [(byte)i], privateKey);
            privateKey[0] &= _firstByteMask;
            if (_group.IsScalar(privateKey))
            {
                return;
            }
        }

        // 256 candidates out of range: chance does not bring that about.
        Invariant.Holds(false);
    }

    public override void DeriveEncapsulationKey(ReadOnlySpan<byte> privateKey, Span<byte> encapsulationKey)
    {
        Size.Require(privateKey, PrivateKeySize);
        Size.Require(encapsulationKey, EncapsulationKeySize);
        _group.MultiplyBase(privateKey, encapsulationKey);
    }

    public override bool IsValidEncapsulationKey(ReadOnlySpan<byte> encapsulationKey)
    {
        if (encapsulationKey.Length != EncapsulationKeySize)
        {
            return false;
        }

        // Any scalar shows whether an element is of low order.
        Span<byte> scalar = stackalloc byte[_group.ScalarSize];
        scalar.Fill(1);
        Span<byte> ignored = stackalloc byte[_group.SecretSize];
        return TryAgree(scalar, encapsulationKey, ignored);
    }

    public override bool TryEncapsulate(
        ReadOnlySpan<byte> encapsulationKey,
        ReadOnlySpan<byte> randomness,
        Span<byte> ciphertext,
        Span<byte> sharedSecret)
    {
        Size.Require(encapsulationKey, EncapsulationKeySize);
        Size.Require(randomness, RandomnessSize);
        Size.Require(ciphertext, CiphertextSize);
        Size.Require(sharedSecret, SharedSecretSize);
        using SecretBytes scalar = new(PrivateKeySize);
        using SecretBytes agreed = new(_group.SecretSize);
        DerivePrivateKey(randomness, scalar.Span);
        if (!TryAgree(scalar.Span, encapsulationKey, agreed.Span))
        {
            return Refuse(ciphertext, sharedSecret);
        }

        _group.MultiplyBase(scalar.Span, ciphertext);
        ExtractAndExpand(agreed.Span, ciphertext, encapsulationKey, sharedSecret);
        return true;
    }

    public override bool TryDecapsulate(
        ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret)
    {
        Size.Require(privateKey, PrivateKeySize);
        Size.Require(ciphertext, CiphertextSize);
        Size.Require(sharedSecret, SharedSecretSize);
        using SecretBytes agreed = new(_group.SecretSize);
        if (!TryAgree(privateKey, ciphertext, agreed.Span))
        {
            return Refuse(default, sharedSecret);
        }

        Span<byte> ownKey = stackalloc byte[EncapsulationKeySize];
        _group.MultiplyBase(privateKey, ownKey);
        ExtractAndExpand(agreed.Span, ciphertext, ownKey, sharedSecret);
        return true;
    }

    // RFC 9180, section 7.1.4: an all-zero result is an error.
    private bool TryAgree(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> element, Span<byte> secret)
    {
        if (!_group.TryMultiply(scalar, element, secret))
        {
            return false;
        }

        Span<byte> zeros = stackalloc byte[secret.Length];
        zeros.Clear();
        return !CryptographicOperations.FixedTimeEquals(secret, zeros);
    }

    private void ExtractAndExpand(
        ReadOnlySpan<byte> agreed, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> key, Span<byte> sharedSecret)
    {
        Span<byte> context = stackalloc byte[CiphertextSize + EncapsulationKeySize];
        ciphertext.CopyTo(context);
        key.CopyTo(context[CiphertextSize..]);
        using SecretBytes extracted = new(_kdf.HashSize);
        HpkeLabels.Extract(_kdf, _suite, default, "eae_prk"u8, agreed, extracted.Span);
        HpkeLabels.Expand(_kdf, _suite, extracted.Span, "shared_secret"u8, context, sharedSecret);
    }
}
