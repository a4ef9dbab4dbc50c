namespace SigmaComms.Cryptography.Entropy;

/// <summary>What the health tests share.</summary>
internal static class HealthTestLevel
{
    /// <summary>A false alarm has a probability of 2^-30, within the range that SP 800-90B recommends.</summary>
    public const int FalseAlarmBits = 30;

    /// <summary>Refuses a claim that no source of bytes can make.</summary>
    public static void RequireClaim(double minEntropyPerByte)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(minEntropyPerByte);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minEntropyPerByte, 8);
        if (double.IsNaN(minEntropyPerByte))
        {
            throw new ArgumentOutOfRangeException(nameof(minEntropyPerByte), "The claim is not a number.");
        }
    }
}
