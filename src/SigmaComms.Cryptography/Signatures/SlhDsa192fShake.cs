using SigmaComms.Cryptography.HashSignatures;

namespace SigmaComms.Cryptography.Signatures;

/// <summary>SLH-DSA-SHAKE-192f signatures: they rest on hashes alone; fast to make, but large.</summary>
/// <remarks>Time and memory access do not depend on secrets. Safe to call from any thread.</remarks>
/// <standard>FIPS 205, sections 10.1 to 10.3; sizes from table 2.</standard>
public static class SlhDsa192fShake
{
    /// <summary>Size of the seeds that make a key, SK.seed, SK.prf and PK.seed: 72 bytes.</summary>
    public const int SeedSize = 72;

    /// <summary>Size of a public key: 48 bytes.</summary>
    public const int PublicKeySize = 48;

    /// <summary>Size of a private key: 96 bytes.</summary>
    public const int PrivateKeySize = 96;

    /// <summary>Size of a signature: 35664 bytes.</summary>
    public const int SignatureSize = 35664;

    /// <summary>Size of the randomness of a signature: 24 bytes.</summary>
    public const int RandomnessSize = 24;

    /// <summary>The longest context: 255 bytes.</summary>
    public const int ContextSizeMax = 255;

    private static SlhParameters Set => SlhParameters.ShakeFast192;

    /// <summary>Makes a key from the system's randomness.</summary>
    /// <param name="privateKey">Receives 96 secret bytes; the caller zeroes them.</param>
    /// <param name="publicKey">Receives 48 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void GenerateKeys(Span<byte> privateKey, Span<byte> publicKey) =>
        SlhCore.GenerateKeys(Set, privateKey, publicKey);

    /// <summary>The key that belongs to seeds.</summary>
    /// <param name="seed">72 secret random bytes.</param>
    /// <param name="privateKey">Receives 96 secret bytes; the caller zeroes them.</param>
    /// <param name="publicKey">Receives 48 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void DeriveKeys(ReadOnlySpan<byte> seed, Span<byte> privateKey, Span<byte> publicKey) =>
        SlhCore.DeriveKeys(Set, seed, privateKey, publicKey);

    /// <summary>Signs a message, with fresh randomness of the system.</summary>
    /// <param name="privateKey">96 secret bytes.</param>
    /// <param name="message">Any number of bytes.</param>
    /// <param name="context">What the signature is for; at most 255 bytes.</param>
    /// <param name="signature">Receives 35664 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void Sign(
        ReadOnlySpan<byte> privateKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        Span<byte> signature) =>
        SlhCore.Sign(Set, privateKey, message, context, signature);

    /// <summary>Signs a message, with randomness that the caller gives.</summary>
    /// <param name="privateKey">96 secret bytes.</param>
    /// <param name="message">Any number of bytes.</param>
    /// <param name="context">What the signature is for; at most 255 bytes.</param>
    /// <param name="randomness">24 fresh random bytes.</param>
    /// <param name="signature">Receives 35664 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void Sign(
        ReadOnlySpan<byte> privateKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature) =>
        SlhCore.Sign(Set, privateKey, message, context, randomness, signature);

    /// <summary>Signs a message so that it always has the same signature; faults and side channels show more.</summary>
    /// <param name="privateKey">96 secret bytes.</param>
    /// <param name="message">Any number of bytes.</param>
    /// <param name="context">What the signature is for; at most 255 bytes.</param>
    /// <param name="signature">Receives 35664 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void SignDeterministic(
        ReadOnlySpan<byte> privateKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        Span<byte> signature) =>
        SlhCore.SignDeterministic(Set, privateKey, message, context, signature);

    /// <summary>Signs the hash of a message (HashSLH-DSA); not the same as a signature of the message.</summary>
    /// <param name="privateKey">96 secret bytes.</param>
    /// <param name="algorithm">What hashes the message.</param>
    /// <param name="message">Any number of bytes; hashed here.</param>
    /// <param name="context">What the signature is for; at most 255 bytes.</param>
    /// <param name="signature">Receives 35664 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length, or there is no such hash.</exception>
    public static void SignPreHashed(
        ReadOnlySpan<byte> privateKey,
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        Span<byte> signature) =>
        SlhCore.SignPreHashed(Set, privateKey, algorithm, message, context, signature);

    /// <summary>Signs the hash of a message, with randomness that the caller gives.</summary>
    /// <param name="privateKey">96 secret bytes.</param>
    /// <param name="algorithm">What hashes the message.</param>
    /// <param name="message">Any number of bytes; hashed here.</param>
    /// <param name="context">What the signature is for; at most 255 bytes.</param>
    /// <param name="randomness">24 fresh random bytes; PK.seed only where a signature must be repeatable.</param>
    /// <param name="signature">Receives 35664 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length, or there is no such hash.</exception>
    public static void SignPreHashed(
        ReadOnlySpan<byte> privateKey,
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature) =>
        SlhCore.SignPreHashed(Set, privateKey, algorithm, message, context, randomness, signature);

    /// <summary>Whether the signature is the key holder's for exactly this message and context.</summary>
    /// <param name="publicKey">48 bytes; any other length gives false.</param>
    /// <param name="message">Any number of bytes.</param>
    /// <param name="context">As it was signed; more than 255 bytes gives false.</param>
    /// <param name="signature">35664 bytes; any other length gives false.</param>
    public static bool Verify(
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature) =>
        SlhCore.Verify(Set, publicKey, message, context, signature);

    /// <summary>Whether the signature is the key holder's for the hash of this message.</summary>
    /// <param name="publicKey">48 bytes; any other length gives false.</param>
    /// <param name="algorithm">What hashes the message.</param>
    /// <param name="message">Any number of bytes; hashed here.</param>
    /// <param name="context">As it was signed; more than 255 bytes gives false.</param>
    /// <param name="signature">35664 bytes; any other length gives false.</param>
    /// <exception cref="ArgumentException">There is no such hash.</exception>
    public static bool VerifyPreHashed(
        ReadOnlySpan<byte> publicKey,
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature) =>
        SlhCore.VerifyPreHashed(Set, publicKey, algorithm, message, context, signature);
}
