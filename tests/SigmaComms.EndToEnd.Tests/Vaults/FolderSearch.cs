namespace SigmaComms.EndToEnd.Tests.Vaults;

/// <summary>Looks for bytes in all files of a folder.</summary>
internal static class FolderSearch
{
    private const int BlockBytes = 4 << 20;

    /// <summary>What was found, with the file; nothing if all is well.</summary>
    /// <param name="folder">Where to look.</param>
    /// <param name="wanted">Names and their bytes.</param>
    /// <returns>How many bytes were looked at, and what was found.</returns>
    public static (long Bytes, IReadOnlyList<string> Found) Of(
        string folder, IReadOnlyDictionary<string, byte[]> wanted)
    {
        List<string> found = [];
        long looked = 0;
        int overlap = wanted.Values.Max(bytes => bytes.Length) - 1;
        byte[] block = new byte[BlockBytes + overlap];
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (Open(path) is not { } opened)
            {
                continue;
            }

            using FileStream file = opened;
            int kept = 0;
            int read;
            while ((read = file.Read(block, kept, BlockBytes)) > 0)
            {
                looked += read;
                ReadOnlySpan<byte> seen = block.AsSpan(0, kept + read);
                foreach ((string name, byte[] bytes) in wanted)
                {
                    if (seen.IndexOf(bytes) >= 0)
                    {
                        found.Add($"{name} in {path}");
                    }
                }

                int rest = Math.Min(overlap, seen.Length);
                seen[^rest..].CopyTo(block);
                kept = rest;
            }
        }

        return (looked, found);
    }

    // A node's socket holds nothing, and its index makes and removes files all the time.
    private static FileStream? Open(string path)
    {
        try
        {
            return path.EndsWith(".sock", StringComparison.Ordinal)
                ? null
                : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
