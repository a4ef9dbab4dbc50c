using SigmaComms.Cryptography.Lattice;

namespace SigmaComms.Cryptography.Signatures;

/// <summary>An ML-DSA-44 public key with its expanded form, for those who verify often with one key.</summary>
/// <remarks>Everything in it is public. Safe to use from any thread. It takes about 20 KB.</remarks>
/// <standard>FIPS 204, section 5.3.</standard>
public sealed class MlDsa44VerificationKey
{
    private readonly MlDsaPublicKey _key;

    /// <summary>Expands a public key.</summary>
    /// <param name="publicKey">1312 bytes; any such bytes are a well-formed key.</param>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public MlDsa44VerificationKey(ReadOnlySpan<byte> publicKey)
    {
        _key = new MlDsaPublicKey(MlDsaParameters.MlDsa44, publicKey);
    }

    /// <summary>Whether the signature is the key holder's for exactly this message and context.</summary>
    /// <param name="message">Any number of bytes.</param>
    /// <param name="context">As it was signed; more than 255 bytes gives false.</param>
    /// <param name="signature">2420 bytes; any other length gives false.</param>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> context, ReadOnlySpan<byte> signature) =>
        MlDsaCore.Verify(_key, message, context, signature);

    /// <summary>Whether the signature is the key holder's for the hash of this message.</summary>
    /// <param name="algorithm">What hashes the message.</param>
    /// <param name="message">Any number of bytes; hashed here.</param>
    /// <param name="context">As it was signed; more than 255 bytes gives false.</param>
    /// <param name="signature">2420 bytes; any other length gives false.</param>
    /// <exception cref="ArgumentException">There is no such hash.</exception>
    public bool VerifyPreHashed(
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature) =>
        MlDsaCore.VerifyPreHashed(_key, algorithm, message, context, signature);

    /// <summary>Whether the signature is the key holder's for this representative (external mu).</summary>
    /// <param name="representative">64 bytes; any other length gives false.</param>
    /// <param name="signature">2420 bytes; any other length gives false.</param>
    public bool VerifyRepresentative(ReadOnlySpan<byte> representative, ReadOnlySpan<byte> signature) =>
        MlDsaCore.VerifyRepresentative(_key, representative, signature);
}
