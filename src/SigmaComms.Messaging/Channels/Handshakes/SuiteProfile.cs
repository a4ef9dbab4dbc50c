using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SigmaComms.Cryptography;

namespace SigmaComms.Messaging.Channels.Handshakes;

/// <summary>The hash and the sizes of a cipher suite, and its labelled key derivation.</summary>
/// <standard>RFC 8446, section 7.1 (HKDF-Expand-Label, Derive-Secret) and appendix B.4.</standard>
internal sealed class SuiteProfile
{
    /// <summary>The longest hash of any suite: SHA-384.</summary>
    public const int HashSizeMax = 48;

    private const int InfoMaxBytes = 2 + 1 + 32 + 1 + HashSizeMax;

    public static readonly SuiteProfile Aes128GcmSha256 =
        new(TlsCipherSuite.Aes128GcmSha256, HashAlgorithmName.SHA256, 32, 16);

    public static readonly SuiteProfile Aes256GcmSha384 =
        new(TlsCipherSuite.Aes256GcmSha384, HashAlgorithmName.SHA384, 48, 32);

    private SuiteProfile(TlsCipherSuite suite, HashAlgorithmName hash, int hashSize, int keySize)
    {
        Suite = suite;
        Hash = hash;
        HashSize = hashSize;
        KeySize = keySize;
    }

    public TlsCipherSuite Suite { get; }

    public HashAlgorithmName Hash { get; }

    public int HashSize { get; }

    public int KeySize { get; }

    public static SuiteProfile Of(TlsCipherSuite suite) => suite switch
    {
        TlsCipherSuite.Aes256GcmSha384 => Aes256GcmSha384,
        TlsCipherSuite.Aes128GcmSha256 => Aes128GcmSha256,
        _ => throw new ArgumentOutOfRangeException(nameof(suite)),
    };

    /// <summary>HKDF-Expand-Label(secret, label, context, output's length).</summary>
    public void ExpandLabel(
        ReadOnlySpan<byte> secret, string label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        Invariant.Holds(label.Length <= 20 && context.Length <= HashSizeMax);
        Span<byte> info = stackalloc byte[InfoMaxBytes];
        BinaryPrimitives.WriteUInt16BigEndian(info, (ushort)output.Length);
        int labelSize = 6 + label.Length;
        info[2] = (byte)labelSize;
        "tls13 "u8.CopyTo(info[3..]);
        Encoding.ASCII.GetBytes(label, info[9..]);
        info[3 + labelSize] = (byte)context.Length;
        context.CopyTo(info[(4 + labelSize)..]);
        HKDF.Expand(Hash, secret, output, info[..(4 + labelSize + context.Length)]);
    }
}
