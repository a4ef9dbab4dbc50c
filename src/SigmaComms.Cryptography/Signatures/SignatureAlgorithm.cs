using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Cryptography.Signatures;

/// <summary>One signature algorithm: its name, its sizes and what it does, the same way for all.</summary>
/// <remarks>
/// For code that works with any algorithm; code that needs one calls its own class, for example
/// <see cref="MlDsa65"/>. Instances hold no state and are safe to use from any thread.
/// </remarks>
/// <standard>Each instance names its own.</standard>
public abstract class SignatureAlgorithm
{
    private protected SignatureAlgorithm(string name) => Name = name;

    /// <summary>The name by which the standard calls it.</summary>
    public string Name { get; }

    /// <summary>Size of a private key in bytes.</summary>
    public abstract int PrivateKeySize { get; }

    /// <summary>Size of a public key in bytes.</summary>
    public abstract int PublicKeySize { get; }

    /// <summary>The most bytes that a signature has; all but those with ECDSA always have that many.</summary>
    public abstract int SignatureSizeMax { get; }

    /// <summary>Size in bytes of the randomness that a signature takes; 0 if it takes none.</summary>
    public abstract int RandomnessSize { get; }

    /// <summary>The longest context in bytes; 0 if there are no contexts.</summary>
    public abstract int ContextSizeMax { get; }

    /// <summary>Whether the same arguments always give the same signature.</summary>
    public virtual bool IsRepeatable => true;

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

    /// <summary>The public key that belongs to a private key.</summary>
    /// <param name="privateKey">The private key.</param>
    /// <param name="publicKey">Receives <see cref="PublicKeySize"/> bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length, or it is no private key.</exception>
    public abstract void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey);

    /// <summary>Signs a message.</summary>
    /// <param name="privateKey">The private key.</param>
    /// <param name="message">Any number of bytes.</param>
    /// <param name="context">What the signature is for; at most <see cref="ContextSizeMax"/> bytes.</param>
    /// <param name="randomness"><see cref="RandomnessSize"/> fresh random bytes.</param>
    /// <param name="signature">Room for <see cref="SignatureSizeMax"/> bytes.</param>
    /// <returns>How many bytes the signature has.</returns>
    /// <exception cref="ArgumentException">A span has the wrong length, or it is no private key.</exception>
    public abstract int Sign(
        ReadOnlySpan<byte> privateKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature);

    /// <summary>Whether the signature is the key holder's for exactly this message and context.</summary>
    /// <param name="publicKey">Untrusted; any other length than its own gives false.</param>
    /// <param name="message">Any number of bytes.</param>
    /// <param name="context">What the signature is for; one that is too long gives false.</param>
    /// <param name="signature">Untrusted; any length.</param>
    public abstract bool Verify(
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
