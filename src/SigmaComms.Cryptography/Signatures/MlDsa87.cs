using System.Security.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Lattice;

namespace SigmaComms.Cryptography.Signatures;

/// <summary>ML-DSA-87 signatures with the key as a seed.</summary>
/// <remarks>
/// Time and memory access do not depend on secrets, but for how many candidates signing rejects. Safe to call from any
/// thread. Each call expands its key anew.
/// </remarks>
/// <standard>FIPS 204, sections 5.1 to 5.4; sizes from table 2.</standard>
public static class MlDsa87
{
    /// <summary>Size of the private key, the seed xi: 32 bytes.</summary>
    public const int SeedSize = 32;

    /// <summary>Size of a public key: 2592 bytes.</summary>
    public const int PublicKeySize = 2592;

    /// <summary>Size of a private key in the standard's long form: 4896 bytes.</summary>
    public const int PrivateKeySize = 4896;

    /// <summary>Size of a signature: 4627 bytes.</summary>
    public const int SignatureSize = 4627;

    /// <summary>Size of the randomness of a signature: 32 bytes.</summary>
    public const int RandomnessSize = 32;

    /// <summary>Size of a message's representative mu: 64 bytes.</summary>
    public const int RepresentativeSize = 64;

    /// <summary>The longest context: 255 bytes.</summary>
    public const int ContextSizeMax = 255;

    private static MlDsaParameters Set => MlDsaParameters.MlDsa87;

    /// <summary>The public key that belongs to a seed.</summary>
    /// <param name="seed">32 secret random bytes.</param>
    /// <param name="publicKey">Receives 2592 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void DerivePublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey) =>
        MlDsaCore.DerivePublicKey(Set, seed, publicKey);

    /// <summary>The standard's long form of a private key, for those who ask for it; the seed is better kept.</summary>
    /// <param name="seed">32 secret bytes.</param>
    /// <param name="privateKey">Receives 4896 secret bytes; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void ExpandPrivateKey(ReadOnlySpan<byte> seed, Span<byte> privateKey) =>
        MlDsaCore.ExpandPrivateKey(Set, seed, privateKey);

    /// <summary>Signs a message with given randomness.</summary>
    /// <param name="seed">32 secret bytes.</param>
    /// <param name="message">Any number of bytes.</param>
    /// <param name="context">What the signature is for; at most 255 bytes.</param>
    /// <param name="randomness">32 fresh random bytes; all zero only where a signature must be repeatable.</param>
    /// <param name="signature">Receives 4627 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void Sign(
        ReadOnlySpan<byte> seed,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature) =>
        MlDsaCore.Sign(Set, seed, message, context, randomness, signature);

    /// <summary>Signs a message, hedged with fresh randomness of the operating system.</summary>
    /// <param name="seed">32 secret bytes.</param>
    /// <param name="message">Any number of bytes.</param>
    /// <param name="context">What the signature is for; at most 255 bytes.</param>
    /// <param name="signature">Receives 4627 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void Sign(
        ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, ReadOnlySpan<byte> context, Span<byte> signature)
    {
        Span<byte> randomness = stackalloc byte[RandomnessSize];
        try
        {
            SystemRandom.Instance.Fill(randomness);
            Sign(seed, message, context, randomness, signature);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(randomness);
        }
    }

    /// <summary>Signs a message without randomness: the same signature each time, and easier prey for faults.</summary>
    /// <param name="seed">32 secret bytes.</param>
    /// <param name="message">Any number of bytes.</param>
    /// <param name="context">What the signature is for; at most 255 bytes.</param>
    /// <param name="signature">Receives 4627 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void SignDeterministically(
        ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, ReadOnlySpan<byte> context, Span<byte> signature) =>
        Sign(seed, message, context, stackalloc byte[RandomnessSize], signature);

    /// <summary>Signs a message with a private key in the long form and given randomness.</summary>
    /// <param name="privateKey">4896 secret bytes, perhaps from elsewhere.</param>
    /// <param name="message">Any number of bytes.</param>
    /// <param name="context">What the signature is for; at most 255 bytes.</param>
    /// <param name="randomness">32 fresh random bytes; all zero only where a signature must be repeatable.</param>
    /// <param name="signature">Receives 4627 bytes.</param>
    /// <returns>False, with the output zeroed, if a coefficient of the key's secret is out of range.</returns>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static bool TrySignWithPrivateKey(
        ReadOnlySpan<byte> privateKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature) =>
        MlDsaCore.TrySignWithPrivateKey(Set, privateKey, message, context, randomness, signature);

    /// <summary>Signs the hash of a message (HashML-DSA); not the same as a signature of the message.</summary>
    /// <param name="seed">32 secret bytes.</param>
    /// <param name="algorithm">What hashes the message.</param>
    /// <param name="message">Any number of bytes; hashed here.</param>
    /// <param name="context">What the signature is for; at most 255 bytes.</param>
    /// <param name="randomness">32 fresh random bytes; all zero only where a signature must be repeatable.</param>
    /// <param name="signature">Receives 4627 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length, or there is no such hash.</exception>
    public static void SignPreHashed(
        ReadOnlySpan<byte> seed,
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature) =>
        MlDsaCore.SignPreHashed(Set, seed, algorithm, message, context, randomness, signature);

    /// <summary>Signs a message of which only the representative mu is known here (external mu).</summary>
    /// <param name="seed">32 secret bytes.</param>
    /// <param name="representative">64 bytes.</param>
    /// <param name="randomness">32 fresh random bytes; all zero only where a signature must be repeatable.</param>
    /// <param name="signature">Receives 4627 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void SignRepresentative(
        ReadOnlySpan<byte> seed,
        ReadOnlySpan<byte> representative,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature) =>
        MlDsaCore.SignRepresentative(Set, seed, representative, randomness, signature);

    /// <summary>The representative mu of a message, for a signer that is not to see the message.</summary>
    /// <param name="publicKey">2592 bytes.</param>
    /// <param name="message">Any number of bytes.</param>
    /// <param name="context">What the signature is for; at most 255 bytes.</param>
    /// <param name="representative">Receives 64 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void ComputeRepresentative(
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        Span<byte> representative) =>
        MlDsaCore.ComputeRepresentative(Set, publicKey, message, context, representative);

    /// <summary>Whether the signature is the key holder's for exactly this message and context.</summary>
    /// <param name="publicKey">2592 bytes; any other length gives false.</param>
    /// <param name="message">Any number of bytes.</param>
    /// <param name="context">As it was signed; more than 255 bytes gives false.</param>
    /// <param name="signature">4627 bytes; any other length gives false.</param>
    public static bool Verify(
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature) =>
        MlDsaCore.Verify(Set, publicKey, message, context, signature);

    /// <summary>Whether the signature is the key holder's for the hash of this message.</summary>
    /// <param name="publicKey">2592 bytes; any other length gives false.</param>
    /// <param name="algorithm">What hashes the message.</param>
    /// <param name="message">Any number of bytes; hashed here.</param>
    /// <param name="context">As it was signed; more than 255 bytes gives false.</param>
    /// <param name="signature">4627 bytes; any other length gives false.</param>
    /// <exception cref="ArgumentException">There is no such hash.</exception>
    public static bool VerifyPreHashed(
        ReadOnlySpan<byte> publicKey,
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature) =>
        MlDsaCore.VerifyPreHashed(Set, publicKey, algorithm, message, context, signature);

    /// <summary>Whether the signature is the key holder's for this representative (external mu).</summary>
    /// <param name="publicKey">2592 bytes; any other length gives false.</param>
    /// <param name="representative">64 bytes; any other length gives false.</param>
    /// <param name="signature">4627 bytes; any other length gives false.</param>
    public static bool VerifyRepresentative(
        ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> representative, ReadOnlySpan<byte> signature) =>
        MlDsaCore.VerifyRepresentative(Set, publicKey, representative, signature);
}
