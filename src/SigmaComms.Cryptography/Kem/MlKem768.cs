using System.Security.Cryptography;
using SigmaComms.Cryptography.Lattice;

namespace SigmaComms.Cryptography.Kem;

/// <summary>ML-KEM-768 key encapsulation.</summary>
/// <remarks>Time and memory access do not depend on secrets. Safe to call from any thread.</remarks>
/// <standard>FIPS 203, sections 7.1 to 7.3; sizes from table 3.</standard>
public static class MlKem768
{
    /// <summary>Size of the private key, the seed d | z: 64 bytes.</summary>
    public const int SeedSize = 64;

    /// <summary>Size of an encapsulation key: 1184 bytes.</summary>
    public const int EncapsulationKeySize = 1184;

    /// <summary>Size of a decapsulation key in the standard's long form: 2400 bytes.</summary>
    public const int DecapsulationKeySize = 2400;

    /// <summary>Size of a ciphertext: 1088 bytes.</summary>
    public const int CiphertextSize = 1088;

    /// <summary>Size of a shared secret: 32 bytes.</summary>
    public const int SharedSecretSize = 32;

    /// <summary>Size of the randomness of an encapsulation: 32 bytes.</summary>
    public const int RandomnessSize = 32;

    private static MlKemParameters Set => MlKemParameters.MlKem768;

    /// <summary>The encapsulation key that belongs to a private key.</summary>
    /// <param name="seed">64 secret random bytes, d | z.</param>
    /// <param name="encapsulationKey">Receives 1184 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void DeriveEncapsulationKey(ReadOnlySpan<byte> seed, Span<byte> encapsulationKey)
    {
        Size.Require(seed, SeedSize);
        Size.Require(encapsulationKey, EncapsulationKeySize);
        MlKemPath.Chosen.DeriveEncapsulationKey(Set, seed, encapsulationKey);
    }

    /// <summary>The standard's long form of a private key, for those who ask for it; the seed is better kept.</summary>
    /// <param name="seed">64 secret bytes.</param>
    /// <param name="decapsulationKey">Receives 2400 secret bytes; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void ExpandDecapsulationKey(ReadOnlySpan<byte> seed, Span<byte> decapsulationKey)
    {
        Size.Require(seed, SeedSize);
        Size.Require(decapsulationKey, DecapsulationKeySize);
        MlKemPath.Chosen.ExpandDecapsulationKey(Set, seed, decapsulationKey);
    }

    /// <summary>Whether a peer's key has the right length and passes the modulus check of section 7.2.</summary>
    /// <param name="encapsulationKey">Untrusted bytes.</param>
    public static bool IsValidEncapsulationKey(ReadOnlySpan<byte> encapsulationKey) =>
        encapsulationKey.Length == EncapsulationKeySize
        && MlKemPath.Chosen.IsValidEncapsulationKey(Set, encapsulationKey);

    /// <summary>Whether a long private key has the right length and passes the hash check of section 7.3.</summary>
    /// <param name="decapsulationKey">Untrusted bytes.</param>
    public static bool IsValidDecapsulationKey(ReadOnlySpan<byte> decapsulationKey) =>
        decapsulationKey.Length == DecapsulationKeySize
        && MlKemCore.IsValidDecapsulationKey(Set, decapsulationKey);

    /// <summary>Makes a fresh secret that only the holder of the key can recover.</summary>
    /// <param name="encapsulationKey">1184 bytes from the peer; untrusted.</param>
    /// <param name="ciphertext">Receives 1088 bytes, to send to the peer.</param>
    /// <param name="sharedSecret">Receives 32 secret bytes; the caller zeroes them.</param>
    /// <returns>False, with both outputs zeroed, if the key fails the modulus check.</returns>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static bool TryEncapsulate(
        ReadOnlySpan<byte> encapsulationKey, Span<byte> ciphertext, Span<byte> sharedSecret)
    {
        Span<byte> randomness = stackalloc byte[RandomnessSize];
        try
        {
            RandomNumberGenerator.Fill(randomness);
            return TryEncapsulate(encapsulationKey, randomness, ciphertext, sharedSecret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(randomness);
        }
    }

    /// <summary>Makes a secret from given randomness that only the holder of the key can recover.</summary>
    /// <param name="encapsulationKey">1184 bytes from the peer; untrusted.</param>
    /// <param name="randomness">32 secret random bytes, never used twice.</param>
    /// <param name="ciphertext">Receives 1088 bytes, to send to the peer.</param>
    /// <param name="sharedSecret">Receives 32 secret bytes; the caller zeroes them.</param>
    /// <returns>False, with both outputs zeroed, if the key fails the modulus check.</returns>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static bool TryEncapsulate(
        ReadOnlySpan<byte> encapsulationKey,
        ReadOnlySpan<byte> randomness,
        Span<byte> ciphertext,
        Span<byte> sharedSecret)
    {
        Size.Require(encapsulationKey, EncapsulationKeySize);
        Size.Require(randomness, RandomnessSize);
        Size.Require(ciphertext, CiphertextSize);
        Size.Require(sharedSecret, SharedSecretSize);
        return MlKemPath.Chosen.TryEncapsulate(Set, encapsulationKey, randomness, ciphertext, sharedSecret);
    }

    /// <summary>Recovers the secret. A false ciphertext gives a secret that nobody else has, and no error.</summary>
    /// <param name="seed">The private key, 64 secret bytes.</param>
    /// <param name="ciphertext">1088 bytes from the peer; untrusted.</param>
    /// <param name="sharedSecret">Receives 32 secret bytes; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void Decapsulate(
        ReadOnlySpan<byte> seed, ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret)
    {
        Size.Require(seed, SeedSize);
        Size.Require(ciphertext, CiphertextSize);
        Size.Require(sharedSecret, SharedSecretSize);
        MlKemPath.Chosen.Decapsulate(Set, seed, ciphertext, sharedSecret);
    }

    /// <summary>As <see cref="Decapsulate"/>, with a private key in the long form.</summary>
    /// <param name="decapsulationKey">2400 secret bytes, perhaps from elsewhere.</param>
    /// <param name="ciphertext">1088 bytes from the peer; untrusted.</param>
    /// <param name="sharedSecret">Receives 32 secret bytes; the caller zeroes them.</param>
    /// <returns>False, with the output zeroed, if the key fails the hash check or the modulus check.</returns>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static bool TryDecapsulateExpanded(
        ReadOnlySpan<byte> decapsulationKey, ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret)
    {
        Size.Require(decapsulationKey, DecapsulationKeySize);
        Size.Require(ciphertext, CiphertextSize);
        Size.Require(sharedSecret, SharedSecretSize);
        return MlKemPath.Chosen.TryDecapsulateExpanded(Set, decapsulationKey, ciphertext, sharedSecret);
    }
}
