using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Cryptography.Kem;

/// <summary>MLKEM1024-P384: ML-KEM-1024 and P-384 in one key encapsulation mechanism.</summary>
/// <remarks>
/// The secret stands as long as either half does. Time and memory access do not depend on secrets. Safe to call from
/// any thread.
/// </remarks>
/// <standard>draft-irtf-cfrg-concrete-hybrid-kems, with the combiner of draft-irtf-cfrg-hybrid-kems.</standard>
public static class MlKem1024P384
{
    /// <summary>Size of the private key, a seed: 32 bytes.</summary>
    public const int SeedSize = 32;

    /// <summary>Size of an encapsulation key: 1665 bytes, ML-KEM's, then the uncompressed point of 97 bytes.</summary>
    public const int EncapsulationKeySize = 1665;

    /// <summary>Size of a ciphertext: 1665 bytes, ML-KEM's, then the uncompressed point of 97 bytes.</summary>
    public const int CiphertextSize = 1665;

    /// <summary>Size of a shared secret: 32 bytes.</summary>
    public const int SharedSecretSize = 32;

    /// <summary>Size of the randomness of an encapsulation: 80 bytes.</summary>
    public const int RandomnessSize = 80;

    /// <summary>The encapsulation key that belongs to a private key.</summary>
    /// <param name="seed">32 secret random bytes.</param>
    /// <param name="encapsulationKey">Receives 1665 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void DeriveEncapsulationKey(ReadOnlySpan<byte> seed, Span<byte> encapsulationKey) =>
        HybridKem.MlKem1024P384.DeriveEncapsulationKey(seed, encapsulationKey);

    /// <summary>Whether a peer's key has the right length and both of its halves the right form.</summary>
    /// <param name="encapsulationKey">Untrusted bytes.</param>
    public static bool IsValidEncapsulationKey(ReadOnlySpan<byte> encapsulationKey) =>
        HybridKem.MlKem1024P384.IsValidEncapsulationKey(encapsulationKey);

    /// <summary>Makes a fresh secret that only the holder of the key can recover.</summary>
    /// <param name="encapsulationKey">1665 bytes from the peer; untrusted.</param>
    /// <param name="ciphertext">Receives 1665 bytes, to send to the peer.</param>
    /// <param name="sharedSecret">Receives 32 secret bytes; the caller zeroes them.</param>
    /// <returns>False, with both outputs zeroed, if the key is not valid.</returns>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static bool TryEncapsulate(
        ReadOnlySpan<byte> encapsulationKey, Span<byte> ciphertext, Span<byte> sharedSecret) =>
        HybridKem.MlKem1024P384.TryEncapsulate(encapsulationKey, SystemRandom.Instance, ciphertext, sharedSecret);

    /// <summary>Makes a secret from given randomness that only the holder of the key can recover.</summary>
    /// <param name="encapsulationKey">1665 bytes from the peer; untrusted.</param>
    /// <param name="randomness">80 secret random bytes, never used twice.</param>
    /// <param name="ciphertext">Receives 1665 bytes, to send to the peer.</param>
    /// <param name="sharedSecret">Receives 32 secret bytes; the caller zeroes them.</param>
    /// <returns>False, with both outputs zeroed, if the key is not valid.</returns>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static bool TryEncapsulate(
        ReadOnlySpan<byte> encapsulationKey,
        ReadOnlySpan<byte> randomness,
        Span<byte> ciphertext,
        Span<byte> sharedSecret) =>
        HybridKem.MlKem1024P384.TryEncapsulate(encapsulationKey, randomness, ciphertext, sharedSecret);

    /// <summary>Recovers the secret. A false ciphertext gives another secret, or false.</summary>
    /// <param name="seed">The private key, 32 secret bytes.</param>
    /// <param name="ciphertext">1665 bytes from the peer; untrusted.</param>
    /// <param name="sharedSecret">Receives 32 secret bytes; the caller zeroes them.</param>
    /// <returns>False, with the output zeroed, if the ciphertext's second half is no point of the curve.</returns>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static bool TryDecapsulate(
        ReadOnlySpan<byte> seed, ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret) =>
        HybridKem.MlKem1024P384.TryDecapsulate(seed, ciphertext, sharedSecret);
}
