using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Client.Vaults;

/// <summary>The files of a vault's folder: magic, kind, content, and a checksum that tells damage.</summary>
internal static class VaultFolderCodec
{
    /// <summary>Which vault it is.</summary>
    public const byte Id = 1;

    /// <summary>The secret of the device slot.</summary>
    public const byte DeviceKey = 2;

    /// <summary>The first header, until the log has it.</summary>
    public const byte Header = 3;

    /// <summary>How far the log was followed.</summary>
    public const byte Position = 4;

    /// <summary>Whose devices it was shared with.</summary>
    public const byte Members = 5;

    private static ReadOnlySpan<byte> Magic => "SigmaVF1"u8;

    /// <summary>Writes a file's bytes.</summary>
    public static byte[] Seal(byte kind, ReadOnlySpan<byte> content)
    {
        WireWriter writer = new(64 + content.Length);
        writer.Fixed(Magic).U8(kind).Opaque24(content);
        return writer.Digest(Digest.Sha256(writer.Written)).ToArray();
    }

    /// <summary>Reads a file's bytes.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> bytes, byte kind, [NotNullWhen(true)] out byte[]? content)
    {
        content = null;
        var reader = new WireReader(bytes);
        bool known = reader.Fixed(Magic.Length).SequenceEqual(Magic) && reader.U8() == kind;
        ReadOnlySpan<byte> read = reader.Opaque24(1 << 20);
        Digest checksum = reader.Digest();
        if (known && reader.AtEnd && Digest.Sha256(bytes[..^Digest.SizeBytes]) == checksum)
        {
            content = read.ToArray();
        }

        return content is not null;
    }
}
