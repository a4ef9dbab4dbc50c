using System.Text;

namespace SigmaComms.Fuse.Session;

/// <summary>What is mounted where, as the kernel tells it.</summary>
public static class MountTable
{
    private const string Table = "/proc/self/mountinfo";
    private const int PathField = 4;
    private const int EscapeLength = 3;

    /// <summary>The type of what is mounted last on a directory ("fuse.sigma", "ext4"); null if nothing is.</summary>
    public static string? TypeAt(string directory) => TypeAt(directory, File.ReadLines(Table));

    /// <summary>The same from lines in the form of /proc/self/mountinfo.</summary>
    internal static string? TypeAt(string directory, IEnumerable<string> lines)
    {
        string? type = null;
        foreach (string line in lines)
        {
            string[] fields = line.Split(' ');
            int dash = Array.IndexOf(fields, "-");
            if (dash > PathField && dash + 1 < fields.Length && Unescape(fields[PathField]) == directory)
            {
                type = fields[dash + 1];
            }
        }

        return type;
    }

    /// <summary>Spaces and the like stand there as a backslash and three octal digits.</summary>
    private static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
        {
            return field;
        }

        byte[] source = Encoding.UTF8.GetBytes(field);
        using var plain = new MemoryStream();
        for (int i = 0; i < source.Length; i++)
        {
            bool escape = source[i] == '\\' && i + EscapeLength < source.Length
                && source.AsSpan(i + 1, EscapeLength).IndexOfAnyExceptInRange((byte)'0', (byte)'7') < 0;
            if (!escape)
            {
                plain.WriteByte(source[i]);
                continue;
            }

            int value = ((source[i + 1] - '0') << 6) | ((source[i + 2] - '0') << 3) | (source[i + 3] - '0');
            plain.WriteByte((byte)(value & byte.MaxValue));
            i += EscapeLength;
        }

        return Encoding.UTF8.GetString(plain.ToArray());
    }
}
