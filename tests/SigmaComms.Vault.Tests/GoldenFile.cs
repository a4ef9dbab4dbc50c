using System.Runtime.CompilerServices;

namespace SigmaComms.Vault.Tests;

/// <summary>Lines "name = hex" of a golden file in tests/golden/vault.</summary>
internal static class GoldenFile
{
    public static IReadOnlyDictionary<string, byte[]> Read(string name, [CallerFilePath] string source = "")
    {
        string tests = source[..source.IndexOf("SigmaComms.Vault.Tests", StringComparison.Ordinal)];
        return File.ReadLines(Path.Combine(tests, "golden", "vault", name))
            .Where(line => line.Contains('='))
            .Select(line => line.Split(" = "))
            .ToDictionary(parts => parts[0], parts => Convert.FromHexString(parts[1]));
    }
}
