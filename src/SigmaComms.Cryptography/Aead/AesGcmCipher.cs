using System.Security.Cryptography;

namespace SigmaComms.Cryptography.Aead;

/// <summary>AES-128-GCM or AES-256-GCM, keyed once for many records, by the framework.</summary>
/// <remarks>
/// Time does not depend on secrets where the processor has AES instructions. Not safe for use from two threads at once.
/// The caller never uses a nonce twice with one key.
/// </remarks>
/// <standard>NIST SP 800-38D, with 96-bit nonces and 128-bit tags; interface of RFC 5116, section 5.</standard>
public sealed class AesGcmCipher : AeadCipher
{
    /// <summary>Size of a nonce: 12 bytes.</summary>
    public const int NonceSize = 12;

    /// <summary>Size of a tag: 16 bytes. A ciphertext is that much longer than its plaintext.</summary>
    public const int TagSize = 16;

    private readonly AesGcm _cipher;

    /// <summary>Takes a copy of the key.</summary>
    /// <param name="key">16 or 32 secret bytes.</param>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public AesGcmCipher(ReadOnlySpan<byte> key)
    {
        if (key.Length is not (16 or 32))
        {
            throw new ArgumentException($"{nameof(key)} must have 16 or 32 bytes, has {key.Length}.", nameof(key));
        }

        _cipher = new AesGcm(key, TagSize);
    }

    /// <summary>Encrypts and authenticates.</summary>
    /// <param name="nonce">12 bytes, never used twice with this key.</param>
    /// <param name="plaintext">What to hide.</param>
    /// <param name="associatedData">What to authenticate only.</param>
    /// <param name="ciphertext">Receives body | tag, 16 bytes more than the plaintext; may start where it does.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public override void Seal(
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> plaintext,
        ReadOnlySpan<byte> associatedData,
        Span<byte> ciphertext)
    {
        Size.Require(nonce, NonceSize);
        Size.Require(ciphertext, plaintext.Length + TagSize);
        _cipher.Encrypt(
            nonce, plaintext, ciphertext[..plaintext.Length], ciphertext[plaintext.Length..], associatedData);
    }

    /// <summary>Checks and decrypts.</summary>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="ciphertext">body | tag; untrusted, any length.</param>
    /// <param name="associatedData">What was authenticated with it.</param>
    /// <param name="plaintext">Receives 16 bytes less than the ciphertext, or none if that is shorter.</param>
    /// <returns>False, with the output zeroed, if anything was changed or the ciphertext is too short.</returns>
    /// <exception cref="ArgumentException">Nonce or output has the wrong length.</exception>
    public override bool TryOpen(
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> ciphertext,
        ReadOnlySpan<byte> associatedData,
        Span<byte> plaintext)
    {
        Size.Require(nonce, NonceSize);
        if (ciphertext.Length < TagSize)
        {
            CryptographicOperations.ZeroMemory(plaintext);
            return false;
        }

        int bodySize = ciphertext.Length - TagSize;
        Size.Require(plaintext, bodySize);
        try
        {
            _cipher.Decrypt(nonce, ciphertext[..bodySize], ciphertext[bodySize..], plaintext, associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            CryptographicOperations.ZeroMemory(plaintext);
            return false;
        }
    }

    /// <summary>Forgets the key. May be called twice.</summary>
    public override void Dispose() => _cipher.Dispose();
}
