using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace SigmaComms.Cryptography.Kem;

/// <summary>Diffie-Hellman on a prime curve of NIST with uncompressed points, by the framework.</summary>
/// <remarks>
/// Points of a peer are checked to be on the curve. A scalar outside 1..n-1 is the caller's bug. Safe to call from any
/// thread.
/// </remarks>
/// <standard>SP 800-186, section 3.2.1; SP 800-56A revision 3, section 5.7.1.2; SEC 1, section 2.3.3.</standard>
internal sealed class NistCurve
{
    private const byte Uncompressed = 4;

    private readonly ECCurve _curve;
    private readonly byte[] _order;

    private NistCurve(ECCurve curve, string order)
    {
        _curve = curve;
        _order = Convert.FromHexString(order);
        PublicKeySize = 1 + (2 * ScalarSize);
    }

    public static NistCurve P256 { get; } = new(
        ECCurve.NamedCurves.nistP256, "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");

    public static NistCurve P384 { get; } = new(
        ECCurve.NamedCurves.nistP384,
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973");

    public static NistCurve P521 { get; } = new(
        ECCurve.NamedCurves.nistP521,
        "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
        + "FA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409");

    /// <summary>Size of a private key and of a shared secret, the x-coordinate.</summary>
    public int ScalarSize => _order.Length;

    /// <summary>Size of a public key: 4, x, y.</summary>
    public int PublicKeySize { get; }

    /// <summary>Whether the number is in 1..n-1; time does not depend on it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool IsScalar(ReadOnlySpan<byte> scalar)
    {
        Size.Require(scalar, ScalarSize);
        int any = 0;
        int borrow = 0;
        for (int i = scalar.Length - 1; i >= 0; i--)
        {
            any |= scalar[i];
            borrow = ((scalar[i] - _order[i] + borrow) >> 8) & -1;
        }

        // The borrow is -1 only if the number is below the order.
        return (borrow & ((-any) >> 31)) != 0;
    }

    /// <summary>Whether untrusted bytes are an uncompressed point of the curve.</summary>
    public bool IsPoint(ReadOnlySpan<byte> publicKey)
    {
        using ECDiffieHellman? key = ImportPoint(publicKey);
        return key is not null;
    }

    /// <summary>The uncompressed point of a private key.</summary>
    public void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        Size.Require(publicKey, PublicKeySize);
        using ECDiffieHellman key = ImportScalar(privateKey);
        WritePoint(key, publicKey);
    }

    /// <summary>The x-coordinate of the shared point; false, zeroed, if the peer's bytes are no point.</summary>
    public bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peerPublicKey, Span<byte> sharedSecret)
    {
        Size.Require(sharedSecret, ScalarSize);
        using ECDiffieHellman own = ImportScalar(privateKey);
        using ECDiffieHellman? peer = ImportPoint(peerPublicKey);
        if (peer is null)
        {
            CryptographicOperations.ZeroMemory(sharedSecret);
            return false;
        }

        using ECDiffieHellmanPublicKey peerKey = peer.PublicKey;
        byte[] secret = own.DeriveRawSecretAgreement(peerKey);
        try
        {
            secret.CopyTo(sharedSecret);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private ECDiffieHellman ImportScalar(ReadOnlySpan<byte> privateKey)
    {
        if (!IsScalar(privateKey))
        {
            throw new ArgumentException("The private key is not in 1..n-1.", nameof(privateKey));
        }

        byte[] scalar = GC.AllocateUninitializedArray<byte>(ScalarSize, pinned: true);
        try
        {
            privateKey.CopyTo(scalar);
            return ECDiffieHellman.Create(new ECParameters { Curve = _curve, D = scalar });
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }

    private ECDiffieHellman? ImportPoint(ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length != PublicKeySize || publicKey[0] != Uncompressed)
        {
            return null;
        }

        var point = new ECPoint
        {
            X = publicKey.Slice(1, ScalarSize).ToArray(),
            Y = publicKey[(1 + ScalarSize)..].ToArray(),
        };
        try
        {
            return ECDiffieHellman.Create(new ECParameters { Curve = _curve, Q = point });
        }
        catch (CryptographicException)
        {
            return null; // The framework has no other way to say that a point is not on the curve.
        }
    }

    private void WritePoint(ECDiffieHellman key, Span<byte> publicKey)
    {
        ECPoint point = key.ExportParameters(includePrivateParameters: false).Q;
        publicKey[0] = Uncompressed;
        point.X.CopyTo(publicKey[1..]);
        point.Y.CopyTo(publicKey[(1 + ScalarSize)..]);
    }
}
