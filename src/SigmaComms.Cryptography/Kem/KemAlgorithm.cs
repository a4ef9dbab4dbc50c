using System.Security.Cryptography;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Cryptography.Kem;

/// <summary>One key encapsulation mechanism: its name, its sizes and what it does, the same way for all.</summary>
/// <remarks>
/// For code that works with any mechanism; code that needs one calls its own class, for example <see cref="MlKem768"/>.
/// Instances hold no state and are safe to use from any thread. A span of the wrong length is the caller's bug.
/// </remarks>
/// <standard>Each instance names its own; the interface is that of RFC 9180, section 4.</standard>
public abstract class KemAlgorithm
{
    private protected KemAlgorithm(string name) => Name = name;

    /// <summary>The name by which the standard calls it.</summary>
    public string Name { get; }

    /// <summary>Size of a private key in bytes.</summary>
    public abstract int PrivateKeySize { get; }

    /// <summary>Size of an encapsulation key in bytes.</summary>
    public abstract int EncapsulationKeySize { get; }

    /// <summary>Size of a ciphertext in bytes.</summary>
    public abstract int CiphertextSize { get; }

    /// <summary>Size of a shared secret in bytes.</summary>
    public abstract int SharedSecretSize { get; }

    /// <summary>Size in bytes of the randomness that an encapsulation takes.</summary>
    public abstract int RandomnessSize { get; }

    /// <summary>Makes a private key.</summary>
    /// <param name="random">Where its bytes come from.</param>
    /// <param name="privateKey">Receives <see cref="PrivateKeySize"/> secret bytes; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">The span has the wrong length.</exception>
    public virtual void GeneratePrivateKey(IRandomSource random, Span<byte> privateKey)
    {
        ArgumentNullException.ThrowIfNull(random);
        Size.Require(privateKey, PrivateKeySize);
        random.Fill(privateKey);
    }

    /// <summary>The encapsulation key that belongs to a private key.</summary>
    /// <param name="privateKey">The private key.</param>
    /// <param name="encapsulationKey">Receives <see cref="EncapsulationKeySize"/> bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length, or it is no private key.</exception>
    public abstract void DeriveEncapsulationKey(ReadOnlySpan<byte> privateKey, Span<byte> encapsulationKey);

    /// <summary>Whether a peer's key has the right length and form.</summary>
    /// <param name="encapsulationKey">Untrusted bytes.</param>
    public abstract bool IsValidEncapsulationKey(ReadOnlySpan<byte> encapsulationKey);

    /// <summary>Makes a secret from given randomness that only the holder of the key can recover.</summary>
    /// <param name="encapsulationKey">The peer's key; untrusted.</param>
    /// <param name="randomness"><see cref="RandomnessSize"/> secret random bytes, never used twice.</param>
    /// <param name="ciphertext">Receives <see cref="CiphertextSize"/> bytes, to send to the peer.</param>
    /// <param name="sharedSecret">Receives <see cref="SharedSecretSize"/> secret bytes; the caller zeroes them.</param>
    /// <returns>False, with both outputs zeroed, if the key is not valid.</returns>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public abstract bool TryEncapsulate(
        ReadOnlySpan<byte> encapsulationKey,
        ReadOnlySpan<byte> randomness,
        Span<byte> ciphertext,
        Span<byte> sharedSecret);

    /// <summary>Recovers the secret. A false ciphertext gives another secret, or false.</summary>
    /// <param name="privateKey">The private key.</param>
    /// <param name="ciphertext"><see cref="CiphertextSize"/> bytes from the peer; untrusted.</param>
    /// <param name="sharedSecret">Receives <see cref="SharedSecretSize"/> secret bytes; the caller zeroes them.</param>
    /// <returns>False, with the output zeroed, if the ciphertext is malformed.</returns>
    /// <exception cref="ArgumentException">A span has the wrong length, or it is no private key.</exception>
    public abstract bool TryDecapsulate(
        ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret);

    /// <summary>Makes a fresh secret that only the holder of the key can recover.</summary>
    /// <param name="encapsulationKey">The peer's key; untrusted.</param>
    /// <param name="random">Where the secret comes from.</param>
    /// <param name="ciphertext">Receives <see cref="CiphertextSize"/> bytes, to send to the peer.</param>
    /// <param name="sharedSecret">Receives <see cref="SharedSecretSize"/> secret bytes; the caller zeroes them.</param>
    /// <returns>False, with both outputs zeroed, if the key is not valid.</returns>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public bool TryEncapsulate(
        ReadOnlySpan<byte> encapsulationKey, IRandomSource random, Span<byte> ciphertext, Span<byte> sharedSecret)
    {
        ArgumentNullException.ThrowIfNull(random);
        using SecretBytes randomness = new(RandomnessSize);
        random.Fill(randomness.Span);
        return TryEncapsulate(encapsulationKey, randomness.Span, ciphertext, sharedSecret);
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    private protected static bool Refuse(Span<byte> ciphertext, Span<byte> sharedSecret)
    {
        CryptographicOperations.ZeroMemory(ciphertext);
        CryptographicOperations.ZeroMemory(sharedSecret);
        return false;
    }
}
