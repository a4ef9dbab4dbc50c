using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Cryptography.Kem;

/// <summary>X-Wing: ML-KEM-768 and X25519 in one key encapsulation mechanism.</summary>
/// <remarks>
/// The secret stands as long as either half does. Time and memory access do not depend on secrets. Safe to call from
/// any thread. Throws
/// <see cref="DllNotFoundException"/> where libsodium is not installed.
/// </remarks>
/// <standard>draft-connolly-cfrg-xwing-kem-10, section 5.</standard>
public static class XWing
{
    /// <summary>Size of the private key, a seed: 32 bytes.</summary>
    public const int SeedSize = 32;

    /// <summary>Size of an encapsulation key: 1216 bytes, ML-KEM's, then the X25519 key of 32 bytes.</summary>
    public const int EncapsulationKeySize = 1216;

    /// <summary>Size of a ciphertext: 1120 bytes, ML-KEM's, then the X25519 key of 32 bytes.</summary>
    public const int CiphertextSize = 1120;

    /// <summary>Size of a shared secret: 32 bytes.</summary>
    public const int SharedSecretSize = 32;

    /// <summary>Size of the randomness of an encapsulation: 64 bytes.</summary>
    public const int RandomnessSize = 64;

    /// <summary>The encapsulation key that belongs to a private key.</summary>
    /// <param name="seed">32 secret random bytes.</param>
    /// <param name="encapsulationKey">Receives 1216 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void DeriveEncapsulationKey(ReadOnlySpan<byte> seed, Span<byte> encapsulationKey) =>
        HybridKem.XWing.DeriveEncapsulationKey(seed, encapsulationKey);

    /// <summary>Whether a peer's key has the right length and both of its halves the right form.</summary>
    /// <param name="encapsulationKey">Untrusted bytes.</param>
    public static bool IsValidEncapsulationKey(ReadOnlySpan<byte> encapsulationKey) =>
        HybridKem.XWing.IsValidEncapsulationKey(encapsulationKey);

    /// <summary>Makes a fresh secret that only the holder of the key can recover.</summary>
    /// <param name="encapsulationKey">1216 bytes from the peer; untrusted.</param>
    /// <param name="ciphertext">Receives 1120 bytes, to send to the peer.</param>
    /// <param name="sharedSecret">Receives 32 secret bytes; the caller zeroes them.</param>
    /// <returns>False, with both outputs zeroed, if the key is not valid.</returns>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static bool TryEncapsulate(
        ReadOnlySpan<byte> encapsulationKey, Span<byte> ciphertext, Span<byte> sharedSecret) =>
        HybridKem.XWing.TryEncapsulate(encapsulationKey, SystemRandom.Instance, ciphertext, sharedSecret);

    /// <summary>Makes a secret from given randomness that only the holder of the key can recover.</summary>
    /// <param name="encapsulationKey">1216 bytes from the peer; untrusted.</param>
    /// <param name="randomness">64 secret random bytes, never used twice.</param>
    /// <param name="ciphertext">Receives 1120 bytes, to send to the peer.</param>
    /// <param name="sharedSecret">Receives 32 secret bytes; the caller zeroes them.</param>
    /// <returns>False, with both outputs zeroed, if the key is not valid.</returns>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static bool TryEncapsulate(
        ReadOnlySpan<byte> encapsulationKey,
        ReadOnlySpan<byte> randomness,
        Span<byte> ciphertext,
        Span<byte> sharedSecret) =>
        HybridKem.XWing.TryEncapsulate(encapsulationKey, randomness, ciphertext, sharedSecret);

    /// <summary>Recovers the secret. A false ciphertext gives a secret that nobody else has, and no error.</summary>
    /// <param name="seed">The private key, 32 secret bytes.</param>
    /// <param name="ciphertext">1120 bytes from the peer; untrusted.</param>
    /// <param name="sharedSecret">Receives 32 secret bytes; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void Decapsulate(
        ReadOnlySpan<byte> seed, ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret)
    {
        bool recovered = HybridKem.XWing.TryDecapsulate(seed, ciphertext, sharedSecret);
        Invariant.Holds(recovered);
    }
}
