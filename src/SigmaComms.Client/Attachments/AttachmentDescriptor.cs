using System.Security.Cryptography;
using System.Text;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Client.Attachments;

/// <summary>Body of an attachment message: how to find the file's stripes, open them and check the whole.</summary>
/// <remarks>Holds the file's key: it travels inside sealed messages only and is never logged.</remarks>
/// <standard>docs/formats/envelope.md.</standard>
public sealed class AttachmentDescriptor
{
    /// <summary>The longest file name in bytes of UTF-8.</summary>
    public const int NameMaxBytes = 255;

    /// <summary>The longest file the format can hold: 4 GiB.</summary>
    public const long FileMaxBytes = 4L * 1024 * 1024 * 1024;

    /// <summary>A file of more stripes has a list of them in stripes of its own: 4.</summary>
    internal const int StripesInlineMax = 4;

    // Version 1 named chunks that no node keeps any more.
    private const byte CurrentVersion = 2;
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly byte[] _key;

    /// <summary>Takes over the parts.</summary>
    /// <param name="key">32 secret bytes, used for this file only.</param>
    /// <param name="day">Under which day's id the stripes lie; see <see cref="AttachmentVault"/>.</param>
    /// <param name="sizeBytes">Size of the file.</param>
    /// <param name="hash">SHA-256 of the file.</param>
    /// <param name="name">The file's name without a path.</param>
    /// <param name="root">Up to four stripes of the file, or the stripes that hold the list of more.</param>
    public AttachmentDescriptor(
        ReadOnlySpan<byte> key, int day, long sizeBytes, Digest hash, string name, IReadOnlyList<StripeEntry> root)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, VaultKey.SizeBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(day);
        ArgumentOutOfRangeException.ThrowIfNegative(sizeBytes);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(root);
        _key = key.ToArray();
        Day = day;
        SizeBytes = sizeBytes;
        Hash = hash;
        Name = name;
        Root = root;
    }

    /// <summary>The file's key, secret.</summary>
    public ReadOnlyMemory<byte> Key => _key;

    /// <summary>The day of the sending, in days since 1970-01-01.</summary>
    public int Day { get; }

    /// <summary>Size of the file in bytes.</summary>
    public long SizeBytes { get; }

    /// <summary>SHA-256 of the file.</summary>
    public Digest Hash { get; }

    /// <summary>The file's name as the sender gave it; safe to use as a name in a folder.</summary>
    public string Name { get; }

    /// <summary>The file's stripes, or those that hold the list of them.</summary>
    public IReadOnlyList<StripeEntry> Root { get; }

    /// <summary>Whether the root's stripes hold a list.</summary>
    internal bool HasList => StripeRun.CountOf(SizeBytes) > StripesInlineMax;

    /// <summary>A name for a file that is not whole yet; it says nothing of the key.</summary>
    internal string PartName =>
        $".sigma-{Convert.ToHexStringLower(SHA256.HashData(Encode()).AsSpan(0, 16))}.part";

    /// <summary>The keys of the stripes; the caller disposes them.</summary>
    internal static StripeKeys KeysOf(ReadOnlySpan<byte> key, int day)
    {
        Digest vault = AttachmentVault.Of(day);
        using VaultKey file = new(key);
        using SecretBytes content = file.Derive(vault, VaultPurpose.Content);
        using SecretBytes placement = file.Derive(vault, VaultPurpose.Placement);
        return new StripeKeys(vault, content.Span, placement.Span);
    }

    /// <summary>Encodes for the message body.</summary>
    public byte[] Encode()
    {
        var writer = new WireWriter();
        writer.U8(CurrentVersion).Fixed(_key).U32((uint)Day).U64((ulong)SizeBytes).Digest(Hash);
        StripeRun.Write(writer, Root);
        writer.Opaque16(Encoding.UTF8.GetBytes(Name));
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
        ReadOnlySpan<byte> key = reader.Fixed(VaultKey.SizeBytes);
        uint day = reader.U32();
        ulong sizeBytes = reader.U64();
        Digest hash = reader.Digest();
        if (reader.Failed || version != CurrentVersion || sizeBytes > FileMaxBytes || day > int.MaxValue
            || RootSizeOf(reader, (long)sizeBytes) is not { } rootBytes
            || StripeRun.Read(ref reader, rootBytes) is not { } root)
        {
            return false;
        }

        ReadOnlySpan<byte> name = reader.Opaque16(NameMaxBytes);
        if (!reader.AtEnd || !TryDecodeName(name, out string text))
        {
            return false;
        }

        descriptor = new AttachmentDescriptor(key, (int)day, (long)sizeBytes, hash, text, root);
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

    /// <summary>What the root's stripes hold: the file, or the list of its stripes, which are of their shape.</summary>
    private static long? RootSizeOf(WireReader reader, long sizeBytes)
    {
        int count = StripeRun.CountOf(sizeBytes);
        return count <= StripesInlineMax ? sizeBytes
            : StripeEntry.Read(ref reader) is { } first ? StripeRun.ListSizeOf(count, first)
            : null;
    }

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
