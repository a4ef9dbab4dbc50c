using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SigmaComms.EndToEnd.Tests.Vaults;

/// <summary>A folder with all that is awkward in folders, and a description by which two are compared.</summary>
internal static class LocalTree
{
    /// <summary>Stands in names and contents, so that it can be searched for.</summary>
    public const string Marker = "PlainMarker-7f3a91c0";

    /// <summary>So much it holds at least.</summary>
    public const int SizeBytes = LargeSizeBytes;

    private const int LargeSizeBytes = 3_400_000;
    private const int SmallFiles = 60;

    /// <summary>Makes the folder.</summary>
    public static void Make(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "empty folder"));
        Directory.CreateDirectory(Path.Combine(folder, "many", "deep", "deeper"));
        Write(folder, $"{Marker}.txt", Encoding.UTF8.GetBytes($"a text with {Marker} in it\n"));
        Write(folder, "empty", []);
        Write(folder, "Grüße ☃ 日本.txt", "snow"u8.ToArray());
        Write(folder, "-r", "looks like an option"u8.ToArray());
        Write(folder, "a 'quoted' \"name\"\\", "quotes"u8.ToArray());
        Write(folder, "two\nlines", "a line's end in the name"u8.ToArray());
        Write(folder, ".hidden", "hidden"u8.ToArray());
        Write(folder, new string('x', 255), "as long as a name may be"u8.ToArray());
        Write(folder, "inline at most", Filled(2_048));
        Write(folder, "just a stripe", Filled(2_049));
        Write(folder, "several stripes", Filled(LargeSizeBytes));
        for (int i = 0; i < SmallFiles; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"many/deep/file{i}");
            Write(folder, name, Filled(i * 97));
        }

        File.SetUnixFileMode(Path.Combine(folder, "-r"), (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(Path.Combine(folder, ".hidden"), (UnixFileMode)0b110_000_000);
        File.CreateSymbolicLink(Path.Combine(folder, "link"), "many/deep");
        File.CreateSymbolicLink(Path.Combine(folder, "dangling"), "/nowhere/at all");
        File.SetLastWriteTimeUtc(Path.Combine(folder, "empty"), new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
    }

    /// <summary>A line for everything in a folder: path, kind, mode, date and content.</summary>
    public static string Describe(string folder)
    {
        StringBuilder lines = new();
        foreach (string path in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            FileInfo file = new(path);
            string relative = Path.GetRelativePath(folder, path);
            lines.AppendLine(file switch
            {
                { LinkTarget: { } target } => $"{relative} -> {target}",
                _ when Directory.Exists(path) => $"{relative}/ {File.GetUnixFileMode(path)}",
                _ => $"{relative} {file.UnixFileMode} {file.LastWriteTimeUtc:O} {HashOf(path)}",
            });
        }

        return lines.ToString();
    }

    /// <summary>Bytes that nothing can compress, the same each time.</summary>
    public static byte[] Filled(int count)
    {
        byte[] bytes = new byte[count];
        uint state = (uint)count | 1;
        for (int i = 0; i < count; i++)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            bytes[i] = (byte)(state & 0xFF);
        }

        return bytes;
    }

    private static void Write(string folder, string name, byte[] content) =>
        File.WriteAllBytes(Path.Combine(folder, name), content);

    private static string HashOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
