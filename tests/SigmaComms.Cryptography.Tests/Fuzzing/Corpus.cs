using System.Globalization;

namespace SigmaComms.Cryptography.Tests.Fuzzing;

/// <summary>The checked-in inputs of a decoder: valid ones, and every one that ever made a test fail.</summary>
internal static class Corpus
{
    /// <summary>Inputs that the decoder takes.</summary>
    public static IReadOnlyList<byte[]> Valid(Decoder decoder) => Read(decoder, "valid-*");

    /// <summary>Inputs that it must refuse: what was found once.</summary>
    public static IReadOnlyList<byte[]> Broken(Decoder decoder) => Read(decoder, "broken-*");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<byte[]> All(Decoder decoder) => Read(decoder, "*");

    /// <summary>With SIGMA_WRITE_CORPUS=1 it writes the examples first.</summary>
    private static IReadOnlyList<byte[]> Read(Decoder decoder, string pattern)
    {
        string folder = Path.Combine(Root(), "tests", "corpora", "cryptography", decoder.Name);
        if (Environment.GetEnvironmentVariable("SIGMA_WRITE_CORPUS") == "1")
        {
            Directory.CreateDirectory(folder);
            foreach ((int index, byte[] example) in decoder.Examples().Index())
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"valid-{index:D2}.bin");
                File.WriteAllBytes(Path.Combine(folder, name), example);
            }
        }

        return [.. Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
    }

    private static string Root()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SigmaComms.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("No repository above the tests.");
        }

        return folder.FullName;
    }
}
