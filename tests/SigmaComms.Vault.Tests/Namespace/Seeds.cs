using SigmaComms.Cryptography.Tests;

namespace SigmaComms.Vault.Tests.Namespace;

/// <summary>The same seed every time, so that a build does not fail by chance; SIGMA_TEST_SEED tries others.</summary>
internal static class Seeds
{
    public static SeededRandom Of(Action<string> print)
    {
        string? text = Environment.GetEnvironmentVariable("SIGMA_TEST_SEED");
        ulong seed = ulong.TryParse(text, out ulong given) ? given : 20_261_122;
        print($"SIGMA_TEST_SEED={seed}");
        return new SeededRandom(seed);
    }
}
