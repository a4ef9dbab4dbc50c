using System.Security.Cryptography;
using SigmaComms.Cryptography.Native;

namespace SigmaComms.Cryptography.Aead;

/// <summary>XChaCha20-Poly1305, whose nonces are long enough to be drawn at random, by libsodium.</summary>
/// <remarks>
/// Time does not depend on secrets. Not safe for use and <see cref="Dispose"/> at the same time from two threads.
/// Throws <see cref="DllNotFoundException"/> where libsodium is not installed.
/// </remarks>
/// <standard>draft-irtf-cfrg-xchacha-03, section 2.</standard>
public sealed unsafe class XChaChaCipher : AeadCipher
{
    /// <summary>Size of a key: 32 bytes.</summary>
    public const int KeySize = 32;

    /// <summary>Size of a nonce: 24 bytes.</summary>
    public const int NonceSize = 24;

    /// <summary>Size of a tag: 16 bytes. A ciphertext is that much longer than its plaintext.</summary>
    public const int TagSize = 16;

    private readonly SecretBytes _key;

    /// <summary>Takes a copy of the key.</summary>
    /// <param name="key">32 secret bytes.</param>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public XChaChaCipher(ReadOnlySpan<byte> key)
    {
        Size.Require(key, KeySize);
        Sodium.Require();
        _key = new SecretBytes(key);
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
        fixed (byte* output = ciphertext, input = plaintext, data = associatedData, number = nonce, key = _key.Span)
        {
            int status = Sodium.SealXChaCha(
                output, null, input, (ulong)plaintext.Length, data, (ulong)associatedData.Length, null, number, key);
            Invariant.Holds(status == 0);
        }
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

        Size.Require(plaintext, ciphertext.Length - TagSize);
        fixed (byte* output = plaintext, input = ciphertext, data = associatedData, number = nonce, key = _key.Span)
        {
            int status = Sodium.OpenXChaCha(
                output, null, null, input, (ulong)ciphertext.Length, data, (ulong)associatedData.Length, number, key);
            if (status == 0)
            {
                return true;
            }
        }

        CryptographicOperations.ZeroMemory(plaintext);
        return false;
    }

    /// <summary>Forgets the key. May be called twice.</summary>
    public override void Dispose() => _key.Dispose();
}
