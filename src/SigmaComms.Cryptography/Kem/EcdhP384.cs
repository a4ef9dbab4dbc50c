namespace SigmaComms.Cryptography.Kem;

/// <summary>Diffie-Hellman on the curve P-384 with uncompressed points, by the framework.</summary>
/// <remarks>A peer's point is checked to be on the curve. Safe to call from any thread.</remarks>
/// <standard>SP 800-56A revision 3, section 5.7.1.2; SEC 1, section 2.3.3 (points); SP 800-186 (curve).</standard>
public static class EcdhP384
{
    /// <summary>Size of a private key, a number from 1 to n - 1, big-endian: 48 bytes.</summary>
    public const int PrivateKeySize = 48;

    /// <summary>Size of a public key, 4 | x | y: 97 bytes.</summary>
    public const int PublicKeySize = 97;

    /// <summary>Size of a shared secret, the x-coordinate of the shared point: 48 bytes.</summary>
    public const int SharedSecretSize = 48;

    /// <summary>Whether a number is a private key of this curve.</summary>
    /// <param name="privateKey">48 secret bytes.</param>
    /// <exception cref="ArgumentException">The span has the wrong length.</exception>
    public static bool IsValidPrivateKey(ReadOnlySpan<byte> privateKey) => NistCurve.P384.IsScalar(privateKey);

    /// <summary>Whether a peer's bytes are an uncompressed point of this curve.</summary>
    /// <param name="publicKey">Untrusted bytes.</param>
    public static bool IsValidPublicKey(ReadOnlySpan<byte> publicKey) => NistCurve.P384.IsPoint(publicKey);

    /// <summary>The public key that belongs to a private key.</summary>
    /// <param name="privateKey">48 secret bytes, a number from 1 to n - 1.</param>
    /// <param name="publicKey">Receives 97 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length, or the number is out of range.</exception>
    public static void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey) =>
        NistCurve.P384.DerivePublicKey(privateKey, publicKey);

    /// <summary>The secret that both sides share.</summary>
    /// <param name="privateKey">48 secret bytes, a number from 1 to n - 1.</param>
    /// <param name="peerPublicKey">97 bytes from the peer; untrusted, any length.</param>
    /// <param name="sharedSecret">Receives 48 secret bytes; the caller zeroes them.</param>
    /// <returns>False, with the output zeroed, if the peer's bytes are no uncompressed point of the curve.</returns>
    /// <exception cref="ArgumentException">Key or output has the wrong length, or the key is out of range.</exception>
    public static bool TryAgree(
        ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peerPublicKey, Span<byte> sharedSecret) =>
        NistCurve.P384.TryAgree(privateKey, peerPublicKey, sharedSecret);
}
