namespace SigmaComms.Cryptography.Tests;

/// <summary>A test that takes long; it runs where the environment variable SIGMA_LONG_TESTS is 1.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("SIGMA_LONG_TESTS") != "1")
        {
            Skip = "Takes long; set SIGMA_LONG_TESTS=1 to run it.";
        }
    }
}
