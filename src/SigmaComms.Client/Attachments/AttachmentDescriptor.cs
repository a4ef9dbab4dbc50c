using System.Text;
using SigmaComms.Client.Sessions;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Attachments;

/// <summary>Body of an attachment message: where the chunks lie and how to open and check them.</summary>
/// <remarks>Holds the file's key: it travels inside sealed messages only and is never logged.</remarks>
public sealed class AttachmentDescriptor
{
    /// <summary>The longest file name in bytes of UTF-8.</summary>
    public const int NameMaxBytes = 255;

    private const byte CurrentVersion = 1;
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly byte[] _key;

    /// <summary>Takes over the parts.</summary>
    /// <param name="id">Names the chunks on the cluster.</param>
    /// <param name="key">32 secret bytes, used for this file only.</param>
    /// <param name="sizeBytes">Size of the file.</param>
    /// <param name="hash">SHA-256 of the file.</param>
    /// <param name="name">The file's name without a path.</param>
    public AttachmentDescriptor(Digest16 id, ReadOnlySpan<byte> key, long sizeBytes, Digest hash, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, ChunkCipher.KeySizeBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(sizeBytes);
        ArgumentNullException.ThrowIfNull(name);
        Id = id;
        _key = key.ToArray();
        SizeBytes = sizeBytes;
        Hash = hash;
        Name = name;
    }

    /// <summary>Names the chunks on the cluster.</summary>
    public Digest16 Id { get; }

    /// <summary>The file's key, secret.</summary>
    public ReadOnlyMemory<byte> Key => _key;

    /// <summary>Size of the file in bytes.</summary>
    public long SizeBytes { get; }

    /// <summary>SHA-256 of the file.</summary>
    public Digest Hash { get; }

    /// <summary>The file's name as the sender gave it; safe to use as a name in a folder.</summary>
    public string Name { get; }

    /// <summary>Encodes for the message body.</summary>
    public byte[] Encode()
    {
        var writer = new WireWriter();
        writer.U8(CurrentVersion);
        writer.Id(Id);
        writer.Fixed(_key).U64((ulong)SizeBytes).Digest(Hash).Opaque16(Encoding.UTF8.GetBytes(Name));
        byte[] encoded = writer.ToArray();
        writer.Clear();
        return encoded;
    }

    /// <summary>Decodes a message body.</summary>
    /// <param name="bytes">Untrusted bytes.</param>
    /// <param name="descriptor">The descriptor, or null.</param>
    /// <returns>False for anything that is not exactly one descriptor with a harmless file name.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out AttachmentDescriptor? descriptor)
    {
        descriptor = null;
        var reader = new WireReader(bytes);
        byte version = reader.U8();
        Digest16 id = IdWire.ReadId(ref reader);
        ReadOnlySpan<byte> key = reader.Fixed(ChunkCipher.KeySizeBytes);
        ulong sizeBytes = reader.U64();
        Digest hash = reader.Digest();
        ReadOnlySpan<byte> name = reader.Opaque16(NameMaxBytes);
        if (!reader.AtEnd || version != CurrentVersion || sizeBytes > ChunkCipher.FileMaxBytes
            || !TryDecodeName(name, out string text))
        {
            return false;
        }

        descriptor = new AttachmentDescriptor(id, key, (long)sizeBytes, hash, text);
        return true;
    }

    /// <summary>Makes a name that is one plain path segment: separators and control characters become '_'.</summary>
    /// <param name="name">Any name.</param>
    public static string CleanName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var clean = new StringBuilder();
        foreach (Rune rune in name.EnumerateRunes())
        {
            clean.Append(Rune.IsControl(rune) || rune.Value is '/' or '\\' or 0xFFFD ? "_" : rune.ToString());
            if (Encoding.UTF8.GetByteCount(clean.ToString()) > NameMaxBytes)
            {
                clean.Length -= rune.Utf16SequenceLength;
                break;
            }
        }

        string text = clean.ToString();
        return text is "" or "." or ".." ? "file" : text;
    }

    /// <summary>Says the size only; the key stays out of logs.</summary>
    public override string ToString() => $"Attachment({SizeBytes} bytes)";

    private static bool TryDecodeName(ReadOnlySpan<byte> bytes, out string name)
    {
        name = "";
        try
        {
            name = StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return false;
        }

        return name == CleanName(name);
    }
}
