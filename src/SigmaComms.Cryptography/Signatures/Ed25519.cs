using System.Security.Cryptography;
using SigmaComms.Cryptography.Native;

namespace SigmaComms.Cryptography.Signatures;

/// <summary>Ed25519 signatures, by libsodium.</summary>
/// <remarks>
/// Time and memory access do not depend on secrets. Safe to call from any thread. Keys of low order and encodings that
/// are not canonical are refused. Throws <see cref="DllNotFoundException"/> where libsodium is not installed.
/// </remarks>
/// <standard>RFC 8032, section 5.1.</standard>
public static unsafe class Ed25519
{
    /// <summary>Size of the private key, a seed: 32 bytes.</summary>
    public const int SeedSize = 32;

    /// <summary>Size of a public key: 32 bytes.</summary>
    public const int PublicKeySize = 32;

    /// <summary>Size of a signature: 64 bytes.</summary>
    public const int SignatureSize = 64;

    // libsodium's own form: seed | public key.
    private const int SecretKeySize = SeedSize + PublicKeySize;

    /// <summary>The public key that belongs to a seed.</summary>
    /// <param name="seed">32 secret random bytes.</param>
    /// <param name="publicKey">Receives 32 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void DerivePublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        Size.Require(publicKey, PublicKeySize);
        Span<byte> secretKey = stackalloc byte[SecretKeySize];
        try
        {
            Expand(seed, secretKey);
            secretKey[SeedSize..].CopyTo(publicKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secretKey);
        }
    }

    /// <summary>Signs a message.</summary>
    /// <param name="seed">32 secret bytes.</param>
    /// <param name="message">Any number of bytes.</param>
    /// <param name="signature">Receives 64 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Size.Require(signature, SignatureSize);
        Span<byte> secretKey = stackalloc byte[SecretKeySize];
        try
        {
            Expand(seed, secretKey);
            fixed (byte* output = signature, input = message, key = secretKey)
            {
                int status = Sodium.Sign(output, null, input, (ulong)message.Length, key);
                Invariant.Holds(status == 0);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secretKey);
        }
    }

    /// <summary>Whether the signature is the key holder's for exactly this message.</summary>
    /// <param name="publicKey">32 bytes; any other length gives false.</param>
    /// <param name="message">Any number of bytes.</param>
    /// <param name="signature">64 bytes; any other length gives false.</param>
    public static bool Verify(
        ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != PublicKeySize || signature.Length != SignatureSize)
        {
            return false;
        }

        Sodium.Require();
        fixed (byte* key = publicKey, input = message, given = signature)
        {
            return Sodium.Verify(given, input, (ulong)message.Length, key) == 0;
        }
    }

    private static void Expand(ReadOnlySpan<byte> seed, Span<byte> secretKey)
    {
        Size.Require(seed, SeedSize);
        Sodium.Require();
        byte* ignored = stackalloc byte[PublicKeySize];
        fixed (byte* source = seed, key = secretKey)
        {
            int status = Sodium.SigningKeyPair(ignored, key, source);
            Invariant.Holds(status == 0);
        }
    }
}
