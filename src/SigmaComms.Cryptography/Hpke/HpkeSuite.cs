using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Cryptography.Hpke;

/// <summary>Encryption to a public key, in base mode: a mechanism, a key derivation and a cipher.</summary>
/// <remarks>
/// Base mode says nothing about who the sender is. Safe to call from any thread. A suite with a lattice mechanism
/// stays secret against a quantum computer.
/// </remarks>
/// <standard>RFC 9180, sections 5.1.1 and 6.1; draft-ietf-hpke-pq-05.</standard>
public sealed class HpkeSuite
{
    /// <summary>Joins three algorithms.</summary>
    /// <param name="kem">The key encapsulation mechanism.</param>
    /// <param name="kdf">The key derivation.</param>
    /// <param name="aead">The cipher.</param>
    public HpkeSuite(HpkeKem kem, HpkeKdf kdf, HpkeAead aead)
    {
        ArgumentNullException.ThrowIfNull(kem);
        ArgumentNullException.ThrowIfNull(kdf);
        ArgumentNullException.ThrowIfNull(aead);
        Kem = kem;
        Kdf = kdf;
        Aead = aead;
    }

    /// <summary>The key encapsulation mechanism.</summary>
    public HpkeKem Kem { get; }

    /// <summary>The key derivation.</summary>
    public HpkeKdf Kdf { get; }

    /// <summary>The cipher.</summary>
    public HpkeAead Aead { get; }

    /// <summary>Starts a context with the holder of a key.</summary>
    /// <param name="publicKey">The peer's key; untrusted, any length.</param>
    /// <param name="info">What the context is for; the receiver says the same.</param>
    /// <param name="random">Where the secret comes from.</param>
    /// <param name="encapsulated">Receives the mechanism's ciphertext, to send to the peer.</param>
    /// <param name="sender">The context; the caller disposes it.</param>
    /// <returns>False, with the output zeroed, if the key is not valid.</returns>
    /// <exception cref="ArgumentException">The output has the wrong length.</exception>
    public bool TrySetupSender(
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> info,
        IRandomSource random,
        Span<byte> encapsulated,
        [NotNullWhen(true)] out HpkeSender? sender)
    {
        ArgumentNullException.ThrowIfNull(random);
        Size.Require(encapsulated, Kem.Algorithm.CiphertextSize);
        sender = null;
        using SecretBytes sharedSecret = new(Kem.Algorithm.SharedSecretSize);
        if (publicKey.Length != Kem.Algorithm.EncapsulationKeySize
            || !Kem.Algorithm.TryEncapsulate(publicKey, random, encapsulated, sharedSecret.Span))
        {
            encapsulated.Clear();
            return false;
        }

        sender = new HpkeSender(new HpkeContext(Kem, Kdf, Aead, sharedSecret.Span, info));
        return true;
    }

    /// <summary>Joins a context that a sender started.</summary>
    /// <param name="encapsulated">What the sender sent; untrusted, any length.</param>
    /// <param name="privateKey">The receiver's private key.</param>
    /// <param name="info">What the context is for; the sender said the same.</param>
    /// <param name="receiver">The context; the caller disposes it. With a false ciphertext it opens nothing.</param>
    /// <returns>False if the sender's bytes are malformed.</returns>
    /// <exception cref="ArgumentException">The private key has the wrong length, or is none.</exception>
    public bool TrySetupReceiver(
        ReadOnlySpan<byte> encapsulated,
        ReadOnlySpan<byte> privateKey,
        ReadOnlySpan<byte> info,
        [NotNullWhen(true)] out HpkeReceiver? receiver)
    {
        Size.Require(privateKey, Kem.Algorithm.PrivateKeySize);
        receiver = null;
        using SecretBytes sharedSecret = new(Kem.Algorithm.SharedSecretSize);
        if (encapsulated.Length != Kem.Algorithm.CiphertextSize
            || !Kem.Algorithm.TryDecapsulate(privateKey, encapsulated, sharedSecret.Span))
        {
            return false;
        }

        receiver = new HpkeReceiver(new HpkeContext(Kem, Kdf, Aead, sharedSecret.Span, info));
        return true;
    }
}
