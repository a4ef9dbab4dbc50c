using System.Security.Cryptography;
using System.Text;

namespace SigmaComms.Bench.Vaults.Clusters;

/// <summary>Files whose bytes follow from a seed and cannot be compressed.</summary>
internal static class BenchFile
{
    private const int BlockBytes = 1 << 20;

    /// <summary>Writes one.</summary>
    /// <returns>SHA-256 of its bytes.</returns>
    public static string Write(string path, long length, int seed)
    {
        Random random = new(seed);
        byte[] block = new byte[BlockBytes];
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using FileStream file = File.Create(path, BlockBytes);
        for (long left = length; left > 0; left -= BlockBytes)
        {
            Span<byte> part = block.AsSpan(0, (int)Math.Min(left, BlockBytes));
            random.NextBytes(part);
            hash.AppendData(part);
            file.Write(part);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A folder of small files, a hundred in each of its folders.</summary>
    public static void WriteMany(string folder, int count, int sizeBytes)
    {
        const int each = 100;
        Random random = new(count);
        byte[] content = new byte[sizeBytes];
        for (int i = 0; i < count; i++)
        {
            string inner = Path.Combine(folder, $"d{i / each}");
            Directory.CreateDirectory(inner);
            random.NextBytes(content);
            File.WriteAllBytes(Path.Combine(inner, $"f{i}"), content);
        }
    }

    /// <summary>Makes a file that is one hole.</summary>
    public static void WriteSparse(string path, long length)
    {
        using FileStream file = File.Create(path);
        file.SetLength(length);
    }

    /// <summary>SHA-256 of a file.</summary>
    public static string HashOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>SHA-256 over the names and bytes of all files of a folder.</summary>
    public static string HashOfFolder(string folder)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(folder, path)));
            hash.AppendData(File.ReadAllBytes(path));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
