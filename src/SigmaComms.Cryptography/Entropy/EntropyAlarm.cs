namespace SigmaComms.Cryptography.Entropy;

/// <summary>What a health test has found in a raw source.</summary>
public enum EntropyAlarm
{
    /// <summary>Nothing unusual.</summary>
    None,

    /// <summary>One value came too many times in a row: the source is stuck.</summary>
    Repetition,

    /// <summary>One value came too often: the source has lost much of its entropy.</summary>
    Proportion,
}
