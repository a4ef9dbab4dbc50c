using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography.Lattice;

namespace SigmaComms.Cryptography.Kem;

/// <summary>A peer's ML-KEM-768 key, checked and expanded once, to encapsulate to it many times.</summary>
/// <remarks>
/// Costs 9 KiB and saves more than half of each encapsulation's time. Time and memory access do not depend on
/// secrets. Safe to use from any thread.
/// </remarks>
/// <standard>FIPS 203, section 7.2; sizes from table 3.</standard>
public sealed class MlKem768EncapsulationKey
{
    private readonly MlKemPublicKey _key;

    private MlKem768EncapsulationKey(MlKemPublicKey key) => _key = key;

    /// <summary>Takes a peer's key in.</summary>
    /// <param name="encapsulationKey">Untrusted bytes of any length.</param>
    /// <param name="key">The key, or null.</param>
    /// <returns>False if the length is not 1184 bytes or the key fails the modulus check.</returns>
    public static bool TryImport(
        ReadOnlySpan<byte> encapsulationKey, [NotNullWhen(true)] out MlKem768EncapsulationKey? key)
    {
        bool valid = MlKemPublicKey.TryImport(MlKemParameters.MlKem768, encapsulationKey, out MlKemPublicKey? inner);
        key = inner is null ? null : new MlKem768EncapsulationKey(inner);
        return valid;
    }

    /// <summary>Gives the key's bytes.</summary>
    /// <param name="encapsulationKey">Receives 1184 bytes.</param>
    /// <exception cref="ArgumentException">The span has the wrong length.</exception>
    public void Export(Span<byte> encapsulationKey)
    {
        Size.Require(encapsulationKey, MlKem768.EncapsulationKeySize);
        _key.Bytes.CopyTo(encapsulationKey);
    }

    /// <summary>Makes a fresh secret that only the holder of the key can recover.</summary>
    /// <param name="ciphertext">Receives 1088 bytes, to send to the peer.</param>
    /// <param name="sharedSecret">Receives 32 secret bytes; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public void Encapsulate(Span<byte> ciphertext, Span<byte> sharedSecret) =>
        _key.Encapsulate(ciphertext, sharedSecret);

    /// <summary>Makes a secret from given randomness that only the holder of the key can recover.</summary>
    /// <param name="randomness">32 secret random bytes, never used twice.</param>
    /// <param name="ciphertext">Receives 1088 bytes, to send to the peer.</param>
    /// <param name="sharedSecret">Receives 32 secret bytes; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public void Encapsulate(ReadOnlySpan<byte> randomness, Span<byte> ciphertext, Span<byte> sharedSecret) =>
        _key.Encapsulate(randomness, ciphertext, sharedSecret);
}
