namespace SigmaComms.Cryptography.Aead;

/// <summary>A cipher that encrypts and authenticates, keyed once for many messages.</summary>
/// <remarks>Not safe for use from two threads at once. The caller never uses a nonce twice with one key.</remarks>
/// <standard>RFC 5116, sections 2 and 4 (interface).</standard>
public abstract class AeadCipher : IDisposable
{
    private protected AeadCipher()
    {
    }

    /// <summary>Encrypts and authenticates.</summary>
    /// <param name="nonce">Never used twice with this key.</param>
    /// <param name="plaintext">What to hide.</param>
    /// <param name="associatedData">What to authenticate only.</param>
    /// <param name="ciphertext">Receives body | tag, 16 bytes more than the plaintext; may start where it does.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public abstract void Seal(
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> plaintext,
        ReadOnlySpan<byte> associatedData,
        Span<byte> ciphertext);

    /// <summary>Checks and decrypts.</summary>
    /// <param name="nonce">The nonce of the seal.</param>
    /// <param name="ciphertext">body | tag; untrusted, any length.</param>
    /// <param name="associatedData">What was authenticated with it.</param>
    /// <param name="plaintext">Receives 16 bytes less than the ciphertext, or none if that is shorter.</param>
    /// <returns>False, with the output zeroed, if anything was changed or the ciphertext is too short.</returns>
    /// <exception cref="ArgumentException">Nonce or output has the wrong length.</exception>
    public abstract bool TryOpen(
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> ciphertext,
        ReadOnlySpan<byte> associatedData,
        Span<byte> plaintext);

    /// <summary>Forgets the key. May be called twice.</summary>
    public abstract void Dispose();
}
