using System.IO.Compression;
using System.Text.Json;

namespace SigmaComms.Cryptography.Tests.Vectors;

/// <summary>The public test vectors in tests/vectors, found from the folder that the tests run in.</summary>
internal static class VectorFolder
{
    /// <summary>Reads a gzipped JSON file, by its path below tests/vectors.</summary>
    public static JsonElement Read(string path)
    {
        using FileStream file = File.OpenRead(Path.Combine(Root(), path));
        using GZipStream unzipped = new(file, CompressionMode.Decompress);
        using JsonDocument document = JsonDocument.Parse(unzipped);
        return document.RootElement.Clone();
    }

    /// <summary>A file that is no JSON.</summary>
    public static byte[] ReadBytes(string path) => File.ReadAllBytes(Path.Combine(Root(), path));

    private static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SigmaComms.sln")))
            {
                return Path.Combine(folder.FullName, "tests", "vectors");
            }
        }

        throw new DirectoryNotFoundException($"No repository above {AppContext.BaseDirectory}.");
    }
}
