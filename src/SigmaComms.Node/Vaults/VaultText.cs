using System.Globalization;
using System.Text.Json;
using SigmaComms.Client.Vaults;
using SigmaComms.Node.Terminal;
using SigmaComms.Vault.Namespace;

namespace SigmaComms.Node.Vaults;

/// <summary>Files, directories and links of a vault for people and programs.</summary>
internal static class VaultText
{
    /// <summary>For example "drwxr-xr-x".</summary>
    public static string ModeOf(VaultEntry entry)
    {
        const string all = "rwxrwxrwx";
        char kind = entry.Kind switch
        {
            FileKind.Directory => 'd',
            FileKind.Symlink => 'l',
            FileKind.Fifo => 'p',
            FileKind.Socket => 's',
            FileKind.CharacterDevice => 'c',
            FileKind.BlockDevice => 'b',
            _ => '-',
        };
        int mode = (int)entry.Mode;
        return kind + string.Concat(all.Select((letter, i) => (mode & (0x100 >> i)) != 0 ? letter : '-'));
    }

    /// <summary>For example "directory".</summary>
    public static string KindOf(VaultEntry entry) => entry.Kind switch
    {
        FileKind.Regular => "file",
        FileKind.Directory => "directory",
        FileKind.Symlink => "link",
        FileKind.Fifo => "pipe",
        FileKind.Socket => "socket",
        FileKind.CharacterDevice => "character device",
        FileKind.BlockDevice => "block device",
        _ => "unknown",
    };

    /// <summary>Four octal digits.</summary>
    public static string OctalOf(VaultEntry entry) =>
        Convert.ToString((int)entry.Mode, 8).PadLeft(4, '0');

    /// <summary>A date for people, in their own time.</summary>
    public static string DateOf(VaultEntry entry, TimeProvider time) =>
        TimeZoneInfo.ConvertTime(entry.ModifiedAt, time.LocalTimeZone)
            .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A name as a directory's list shows it.</summary>
    public static string NameOf(VaultEntry entry, string name) =>
        TerminalText.Plain(name) + (entry.IsDirectory ? "/" : "");

    /// <summary>Writes the properties of a thing.</summary>
    public static void Write(Utf8JsonWriter writer, VaultEntry entry)
    {
        writer.WriteString("path", entry.Path.ToString());
        writer.WriteString("kind", KindOf(entry));
        writer.WriteNumber("sizeBytes", entry.Size);
        writer.WriteString("mode", OctalOf(entry));
        writer.WriteString("modified", entry.ModifiedAt);
        if (entry.Target is { } target)
        {
            writer.WriteString("target", target);
        }
    }
}
