using System.Security.Cryptography;

namespace SigmaComms.Cryptography.Aead;

/// <summary>ChaCha20-Poly1305, keyed once for many messages, by the framework.</summary>
/// <remarks>
/// Time does not depend on secrets. Not safe for use from two threads at once. The caller never uses a nonce twice with
/// one key.
/// </remarks>
/// <standard>RFC 8439, section 2.8.</standard>
public sealed class ChaChaCipher : AeadCipher
{
    /// <summary>Size of a key: 32 bytes.</summary>
    public const int KeySize = 32;

    /// <summary>Size of a nonce: 12 bytes.</summary>
    public const int NonceSize = 12;

    /// <summary>Size of a tag: 16 bytes. A ciphertext is that much longer than its plaintext.</summary>
    public const int TagSize = 16;

    private readonly ChaCha20Poly1305 _cipher;

    /// <summary>Takes a copy of the key.</summary>
    /// <param name="key">32 secret bytes.</param>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public ChaChaCipher(ReadOnlySpan<byte> key)
    {
        Size.Require(key, KeySize);
        _cipher = new ChaCha20Poly1305(key);
    }

    /// <inheritdoc/>
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

    /// <inheritdoc/>
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
