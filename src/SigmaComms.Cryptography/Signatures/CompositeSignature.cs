using System.Security.Cryptography;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Cryptography.Signatures;

/// <summary>ML-DSA-65 and a classical signature of the same message; both must hold.</summary>
/// <remarks>
/// Both halves sign the same bytes: a prefix, the composite's label, the context and the hash of the message. ML-DSA
/// has the label as its own context, so that its half cannot be cut out and used as a signature of its own.
/// </remarks>
/// <standard>draft-ietf-lamps-pq-composite-sigs-19, sections 3 and 4.</standard>
internal sealed class CompositeSignature : SignatureAlgorithm
{
    private readonly IClassicalSignature _classical;
    private readonly byte[] _label;

    private CompositeSignature(string name, IClassicalSignature classical, ReadOnlySpan<byte> label)
        : base(name)
    {
        _classical = classical;
        _label = label.ToArray();
    }

    public static CompositeSignature MlDsa65Ed25519 { get; } = new(
        "MLDSA65-Ed25519-SHA512", Ed25519Half.Instance, "COMPSIG-MLDSA65-Ed25519-SHA512"u8);

    public static CompositeSignature MlDsa65EcdsaP256 { get; } = new(
        "MLDSA65-ECDSA-P256-SHA512", EcdsaP256Half.Instance, "COMPSIG-MLDSA65-ECDSA-P256-SHA512"u8);

    public override int PrivateKeySize => MlDsa65.SeedSize + _classical.PrivateKeySize;

    public override int PublicKeySize => MlDsa65.PublicKeySize + _classical.PublicKeySize;

    public override int SignatureSizeMax => MlDsa65.SignatureSize + _classical.SignatureSizeMax;

    public override int RandomnessSize => MlDsa65.RandomnessSize;

    public override int ContextSizeMax => MlDsa65.ContextSizeMax;

    public override bool IsRepeatable => _classical.IsRepeatable;

    private static ReadOnlySpan<byte> Prefix => "CompositeAlgorithmSignatures2025"u8;

    public override void GeneratePrivateKey(IRandomSource random, Span<byte> privateKey)
    {
        ArgumentNullException.ThrowIfNull(random);
        Size.Require(privateKey, PrivateKeySize);
        random.Fill(privateKey[..MlDsa65.SeedSize]);
        _classical.GeneratePrivateKey(random, privateKey[MlDsa65.SeedSize..]);
    }

    public bool IsPrivateKey(ReadOnlySpan<byte> privateKey) =>
        privateKey.Length == PrivateKeySize && _classical.IsPrivateKey(privateKey[MlDsa65.SeedSize..]);

    public override void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        RequirePrivateKey(privateKey);
        Size.Require(publicKey, PublicKeySize);
        MlDsa65.DerivePublicKey(privateKey[..MlDsa65.SeedSize], publicKey[..MlDsa65.PublicKeySize]);
        _classical.DerivePublicKey(privateKey[MlDsa65.SeedSize..], publicKey[MlDsa65.PublicKeySize..]);
    }

    public override int Sign(
        ReadOnlySpan<byte> privateKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature)
    {
        RequirePrivateKey(privateKey);
        Size.Require(randomness, RandomnessSize);
        Size.Require(signature, SignatureSizeMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(context.Length, ContextSizeMax, nameof(context));
        Span<byte> representative = stackalloc byte[RepresentativeSize(context)];
        WriteRepresentative(message, context, representative);
        MlDsa65.Sign(
            privateKey[..MlDsa65.SeedSize], representative, _label, randomness, signature[..MlDsa65.SignatureSize]);
        int size = MlDsa65.SignatureSize + _classical.Sign(
            privateKey[MlDsa65.SeedSize..], representative, signature[MlDsa65.SignatureSize..]);
        signature[size..].Clear();
        return size;
    }

    public override bool Verify(
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != PublicKeySize
            || context.Length > ContextSizeMax
            || signature.Length <= MlDsa65.SignatureSize
            || signature.Length > SignatureSizeMax)
        {
            return false;
        }

        Span<byte> representative = stackalloc byte[RepresentativeSize(context)];
        WriteRepresentative(message, context, representative);
        return MlDsa65.Verify(
                publicKey[..MlDsa65.PublicKeySize], representative, _label, signature[..MlDsa65.SignatureSize])
            && _classical.Verify(
                publicKey[MlDsa65.PublicKeySize..], representative, signature[MlDsa65.SignatureSize..]);
    }

    private void RequirePrivateKey(ReadOnlySpan<byte> privateKey)
    {
        Size.Require(privateKey, PrivateKeySize);
        if (!IsPrivateKey(privateKey))
        {
            throw new ArgumentException("The classical half is no private key.", nameof(privateKey));
        }
    }

    private int RepresentativeSize(ReadOnlySpan<byte> context) =>
        Prefix.Length + _label.Length + 1 + context.Length + SHA512.HashSizeInBytes;

    private void WriteRepresentative(ReadOnlySpan<byte> message, ReadOnlySpan<byte> context, Span<byte> output)
    {
        Prefix.CopyTo(output);
        output = output[Prefix.Length..];
        _label.CopyTo(output);
        output = output[_label.Length..];
        output[0] = (byte)context.Length;
        output = output[1..];
        context.CopyTo(output);
        SHA512.HashData(message, output[context.Length..]);
    }
}
