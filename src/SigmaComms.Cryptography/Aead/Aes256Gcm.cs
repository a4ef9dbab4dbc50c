namespace SigmaComms.Cryptography.Aead;

/// <summary>AES-256-GCM for a key that is used once or seldom.</summary>
/// <remarks>
/// As <see cref="AesGcmCipher"/>, which is the better choice for many records with one key. Safe to call from any
/// thread.
/// </remarks>
/// <standard>NIST SP 800-38D, with 96-bit nonces and 128-bit tags; interface of RFC 5116, section 5.2.</standard>
public static class Aes256Gcm
{
    /// <summary>Size of a key: 32 bytes.</summary>
    public const int KeySize = 32;

    /// <summary>Size of a nonce: 12 bytes.</summary>
    public const int NonceSize = AesGcmCipher.NonceSize;

    /// <summary>Size of a tag: 16 bytes. A ciphertext is that much longer than its plaintext.</summary>
    public const int TagSize = AesGcmCipher.TagSize;

    /// <summary>Encrypts and authenticates.</summary>
    /// <param name="key">32 secret bytes.</param>
    /// <param name="nonce">12 bytes, never used twice with one key.</param>
    /// <param name="plaintext">What to hide.</param>
    /// <param name="associatedData">What to authenticate only.</param>
    /// <param name="ciphertext">Receives body | tag, 16 bytes more than the plaintext.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void Seal(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> plaintext,
        ReadOnlySpan<byte> associatedData,
        Span<byte> ciphertext)
    {
        Size.Require(key, KeySize);
        using AesGcmCipher cipher = new(key);
        cipher.Seal(nonce, plaintext, associatedData, ciphertext);
    }

    /// <summary>Checks and decrypts.</summary>
    /// <param name="key">32 secret bytes.</param>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="ciphertext">body | tag; untrusted, any length.</param>
    /// <param name="associatedData">What was authenticated with it.</param>
    /// <param name="plaintext">Receives 16 bytes less than the ciphertext, or none if that is shorter.</param>
    /// <returns>False, with the output zeroed, if anything was changed or the ciphertext is too short.</returns>
    /// <exception cref="ArgumentException">Key, nonce or output has the wrong length.</exception>
    public static bool TryOpen(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> ciphertext,
        ReadOnlySpan<byte> associatedData,
        Span<byte> plaintext)
    {
        Size.Require(key, KeySize);
        using AesGcmCipher cipher = new(key);
        return cipher.TryOpen(nonce, ciphertext, associatedData, plaintext);
    }
}
