using System.Security.Cryptography;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Messaging.Channels.KeyExchange;

/// <summary>ECDH over P-256 with uncompressed points.</summary>
/// <standard>RFC 8446, sections 4.2.8.2 and 7.4.2; SP 800-56A, section 5.7.1.2.</standard>
internal sealed class P256Agreement : IClassicalAgreement
{
    public static readonly P256Agreement Instance = new();

    private const byte Uncompressed = 4;
    private const int CoordinateSize = 32;

    private P256Agreement()
    {
    }

    public int PublicKeySize => 1 + (2 * CoordinateSize);

    private static ReadOnlySpan<byte> Order =>
    [
        0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
    ];

    public void Generate(IRandomSource random, Span<byte> privateKey32, Span<byte> publicKey)
    {
        // FIPS 186-5, appendix A.2.2: candidates outside 1..n-1 are thrown away; that happens once in 2^32 times.
        do
        {
            random.Fill(privateKey32);
        }
        while (privateKey32.SequenceCompareTo(Order) >= 0 || privateKey32.IndexOfAnyExcept((byte)0) < 0);

        using ECDiffieHellman key = Import(privateKey32);
        ECParameters parameters = key.ExportParameters(includePrivateParameters: false);
        publicKey[0] = Uncompressed;
        parameters.Q.X.CopyTo(publicKey[1..]);
        parameters.Q.Y.CopyTo(publicKey[(1 + CoordinateSize)..]);
    }

    public bool TryAgree(ReadOnlySpan<byte> privateKey32, ReadOnlySpan<byte> peerPublicKey, Span<byte> secret32)
    {
        secret32.Clear();
        if (peerPublicKey.Length != PublicKeySize || peerPublicKey[0] != Uncompressed)
        {
            return false;
        }

        var point = new ECPoint
        {
            X = peerPublicKey.Slice(1, CoordinateSize).ToArray(),
            Y = peerPublicKey[(1 + CoordinateSize)..].ToArray(),
        };
        try
        {
            using ECDiffieHellman own = Import(privateKey32);
            var parameters = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point };
            using var peer = ECDiffieHellman.Create(parameters);
            using ECDiffieHellmanPublicKey peerKey = peer.PublicKey;
            byte[] secret = own.DeriveRawSecretAgreement(peerKey);
            secret.CopyTo(secret32);
            CryptographicOperations.ZeroMemory(secret);
            return true;
        }
        catch (CryptographicException)
        {
            return false; // The framework refuses a point that is not on the curve in this way only.
        }
    }

    private static ECDiffieHellman Import(ReadOnlySpan<byte> privateKey32)
    {
        byte[] scalar = privateKey32.ToArray();
        try
        {
            return ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar });
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }
}
