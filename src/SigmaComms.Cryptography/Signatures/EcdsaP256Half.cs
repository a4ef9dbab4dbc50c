using System.Security.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kem;

namespace SigmaComms.Cryptography.Signatures;

/// <summary>ECDSA over P-256 with SHA-256 as half of a composite, by the framework.</summary>
/// <remarks>The framework takes the nonce from its own random generator, so that signatures do not repeat.</remarks>
/// <standard>FIPS 186-5, section 6; RFC 5915 (private key), SEC 1 (point), RFC 3279 (signature).</standard>
internal sealed class EcdsaP256Half : IClassicalSignature
{
    private const int ScalarSize = 32;
    private const int PointSize = 1 + (2 * ScalarSize);
    private const byte Uncompressed = 4;

    private EcdsaP256Half()
    {
    }

    public static EcdsaP256Half Instance { get; } = new();

    public int PrivateKeySize => KeyStart.Length + ScalarSize + KeyEnd.Length;

    public int PublicKeySize => PointSize;

    // A sequence of two integers of up to 33 bytes.
    public int SignatureSizeMax => 2 + (2 * (2 + ScalarSize + 1));

    public bool IsRepeatable => false;

    // RFC 5915: SEQUENCE { version 1, OCTET STRING (32 bytes), [0] { OID of P-256 } }, without the public key.
    private static ReadOnlySpan<byte> KeyStart => [0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20];

    private static ReadOnlySpan<byte> KeyEnd =>
        [0xA0, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];

    public void GeneratePrivateKey(IRandomSource random, Span<byte> privateKey)
    {
        KeyStart.CopyTo(privateKey);
        KeyEnd.CopyTo(privateKey[(KeyStart.Length + ScalarSize)..]);
        Span<byte> scalar = privateKey.Slice(KeyStart.Length, ScalarSize);

        // FIPS 186-5, appendix A.2.2: a candidate outside 1..n-1 is thrown away; that happens once in 2^32 times.
        do
        {
            random.Fill(scalar);
        }
        while (!NistCurve.P256.IsScalar(scalar));
    }

    public bool IsPrivateKey(ReadOnlySpan<byte> privateKey) =>
        privateKey.Length == PrivateKeySize
        && privateKey.StartsWith(KeyStart)
        && privateKey.EndsWith(KeyEnd)
        && NistCurve.P256.IsScalar(Scalar(privateKey));

    public void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey) =>
        NistCurve.P256.DerivePublicKey(Scalar(privateKey), publicKey);

    public int Sign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        byte[] scalar = GC.AllocateUninitializedArray<byte>(ScalarSize, pinned: true);
        try
        {
            Scalar(privateKey).CopyTo(scalar);
            using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar });
            return key.SignData(
                message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }

    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Span<byte> numbers = stackalloc byte[2 * ScalarSize];
        if (publicKey.Length != PointSize
            || publicKey[0] != Uncompressed
            || !EcdsaEncoding.TryRead(signature, numbers))
        {
            return false;
        }

        var point = new ECPoint
        {
            X = publicKey.Slice(1, ScalarSize).ToArray(),
            Y = publicKey[(1 + ScalarSize)..].ToArray(),
        };
        try
        {
            using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point });
            return key.VerifyData(
                message, numbers, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            return false; // The framework has no other way to say that a point is not on the curve.
        }
    }

    private static ReadOnlySpan<byte> Scalar(ReadOnlySpan<byte> privateKey) =>
        privateKey.Slice(KeyStart.Length, ScalarSize);
}
