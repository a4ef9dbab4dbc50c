using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace SigmaComms.Cryptography.KeyFormats;

/// <summary>The text around DER: one block, with nothing but white space around it.</summary>
/// <standard>RFC 7468, sections 3, 10 and 13.</standard>
internal static class KeyPem
{
    public const string PublicKeyLabel = "PUBLIC KEY";
    public const string PrivateKeyLabel = "PRIVATE KEY";

    /// <summary>Writes a block in UTF-8.</summary>
    public static SecretBytes Encode(string label, ReadOnlySpan<byte> der)
    {
        SecretBytes pem = new(PemEncoding.GetEncodedSize(label.Length, der.Length) + 1);
        Span<byte> utf8Label = stackalloc byte[label.Length];
        System.Text.Encoding.ASCII.GetBytes(label, utf8Label);
        bool written = PemEncoding.TryWriteUtf8(utf8Label, der, pem.Span, out int size);
        Invariant.Holds(written && size == pem.Length - 1);
        pem.Span[^1] = (byte)'\n';
        return pem;
    }

    /// <summary>Reads the one block in untrusted UTF-8; null if it is not that.</summary>
    public static SecretBytes? Decode(string label, ReadOnlySpan<byte> pem)
    {
        if (!PemEncoding.TryFindUtf8(pem, out PemFields fields)
            || !IsWhiteSpace(pem[..fields.Location.Start])
            || !IsWhiteSpace(pem[fields.Location.End..])
            || !pem[fields.Label].SequenceEqual(System.Text.Encoding.ASCII.GetBytes(label)))
        {
            return null;
        }

        using SecretBytes room = new(fields.DecodedDataLength);
        OperationStatus status = Base64.DecodeFromUtf8(pem[fields.Base64Data], room.Span, out _, out int size);
        return status == OperationStatus.Done && size == room.Length ? new SecretBytes(room.Span) : null;
    }

    private static bool IsWhiteSpace(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(" \t\r\n"u8) < 0;
}
