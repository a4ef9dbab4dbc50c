using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Cryptography.Signatures;

/// <summary>MLDSA65-Ed25519-SHA512: ML-DSA-65 and Ed25519 in one signature.</summary>
/// <remarks>
/// A signature stands as long as either half does. Time and memory access do not depend on secrets, but for how many
/// candidates ML-DSA rejects. Safe to call from any thread. Throws <see cref="DllNotFoundException"/> where libsodium
/// is not installed.
/// </remarks>
/// <standard>draft-ietf-lamps-pq-composite-sigs-19, sections 3, 4 and 6.</standard>
public static class MlDsa65Ed25519
{
    /// <summary>Size of a private key: 64 bytes, ML-DSA's seed, then Ed25519's.</summary>
    public const int PrivateKeySize = 64;

    /// <summary>Size of a public key: 1984 bytes, ML-DSA's, then Ed25519's 32.</summary>
    public const int PublicKeySize = 1984;

    /// <summary>Size of a signature: 3373 bytes, ML-DSA's, then Ed25519's 64.</summary>
    public const int SignatureSize = 3373;

    /// <summary>Size of the randomness of a signature: 32 bytes.</summary>
    public const int RandomnessSize = 32;

    /// <summary>The longest context: 255 bytes.</summary>
    public const int ContextSizeMax = 255;

    /// <summary>Makes a private key.</summary>
    /// <param name="random">Where its bytes come from.</param>
    /// <param name="privateKey">Receives 64 secret bytes; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">The span has the wrong length.</exception>
    public static void GeneratePrivateKey(IRandomSource random, Span<byte> privateKey) =>
        CompositeSignature.MlDsa65Ed25519.GeneratePrivateKey(random, privateKey);

    /// <summary>Whether bytes from elsewhere have a private key's length and form.</summary>
    /// <param name="privateKey">Untrusted bytes.</param>
    public static bool IsValidPrivateKey(ReadOnlySpan<byte> privateKey) =>
        CompositeSignature.MlDsa65Ed25519.IsPrivateKey(privateKey);

    /// <summary>The public key that belongs to a private key.</summary>
    /// <param name="privateKey">64 secret bytes.</param>
    /// <param name="publicKey">Receives 1984 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length, or it is no private key.</exception>
    public static void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey) =>
        CompositeSignature.MlDsa65Ed25519.DerivePublicKey(privateKey, publicKey);

    /// <summary>Signs a message.</summary>
    /// <param name="privateKey">64 secret bytes.</param>
    /// <param name="message">Any number of bytes.</param>
    /// <param name="context">What the signature is for; at most 255 bytes.</param>
    /// <param name="randomness">32 fresh random bytes; all zero only where a signature must be repeatable.</param>
    /// <param name="signature">Receives 3373 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length, or it is no private key.</exception>
    public static void Sign(
        ReadOnlySpan<byte> privateKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature) =>
        CompositeSignature.MlDsa65Ed25519.Sign(privateKey, message, context, randomness, signature);

    /// <summary>Whether both halves are the key holder's for exactly this message and context.</summary>
    /// <param name="publicKey">1984 bytes; any other length gives false.</param>
    /// <param name="message">Any number of bytes.</param>
    /// <param name="context">What the signature is for; more than 255 bytes give false.</param>
    /// <param name="signature">Untrusted; any length.</param>
    public static bool Verify(
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature) =>
        CompositeSignature.MlDsa65Ed25519.Verify(publicKey, message, context, signature);
}
