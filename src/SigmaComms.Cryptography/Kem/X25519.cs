using System.Security.Cryptography;
using SigmaComms.Cryptography.Native;

namespace SigmaComms.Cryptography.Kem;

/// <summary>X25519 key agreement, by libsodium.</summary>
/// <remarks>
/// Time and memory access do not depend on secrets. Safe to call from any thread. Throws
/// <see cref="DllNotFoundException"/> where libsodium is not installed.
/// </remarks>
/// <standard>RFC 7748, sections 5 and 6.1.</standard>
public static unsafe class X25519
{
    /// <summary>Size of a private key, a public key and a shared secret: 32 bytes.</summary>
    public const int KeySize = 32;

    /// <summary>The public key that belongs to a private key.</summary>
    /// <param name="privateKey">32 secret random bytes.</param>
    /// <param name="publicKey">Receives 32 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        Size.Require(privateKey, KeySize);
        Size.Require(publicKey, KeySize);
        Sodium.Require();
        fixed (byte* scalar = privateKey, result = publicKey)
        {
            int status = Sodium.ScalarMultiplyBase(result, scalar);
            Invariant.Holds(status == 0);
        }
    }

    /// <summary>The secret that both sides share.</summary>
    /// <param name="privateKey">32 secret bytes.</param>
    /// <param name="peerPublicKey">32 bytes from the peer; untrusted.</param>
    /// <param name="sharedSecret">Receives 32 secret bytes; the caller zeroes them.</param>
    /// <returns>False, with the output zeroed, if the peer's key is of low order (the result would be zero).</returns>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static bool TryAgree(
        ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peerPublicKey, Span<byte> sharedSecret)
    {
        Size.Require(privateKey, KeySize);
        Size.Require(peerPublicKey, KeySize);
        Size.Require(sharedSecret, KeySize);
        Sodium.Require();
        fixed (byte* scalar = privateKey, point = peerPublicKey, result = sharedSecret)
        {
            if (Sodium.ScalarMultiply(result, scalar, point) == 0)
            {
                return true;
            }
        }

        CryptographicOperations.ZeroMemory(sharedSecret);
        return false;
    }
}
