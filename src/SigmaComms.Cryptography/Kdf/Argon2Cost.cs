namespace SigmaComms.Cryptography.Kdf;

/// <summary>What one guess of a password costs.</summary>
/// <param name="MemoryMiB">Memory in mebibytes, 1 to 4095.</param>
/// <param name="Passes">Passes over the memory, 1 to 1000.</param>
/// <standard>RFC 9106, section 3.1 (parameters m and t; the lanes p are always 1).</standard>
public readonly record struct Argon2Cost(int MemoryMiB, int Passes)
{
    /// <summary>The least memory: 1 MiB.</summary>
    public const int MemoryMiBMin = 1;

    /// <summary>The most memory: 4095 MiB.</summary>
    public const int MemoryMiBMax = 4095;

    /// <summary>The most passes: 1000.</summary>
    public const int PassesMax = 1000;

    /// <summary>For a person who waits: 64 MiB, 3 passes; the second recommended option of RFC 9106.</summary>
    public static Argon2Cost Interactive { get; } = new(64, 3);

    /// <summary>Whether both numbers are in range; check this before using a cost that was read from a file.</summary>
    public bool IsValid =>
        MemoryMiB is >= MemoryMiBMin and <= MemoryMiBMax && Passes is >= 1 and <= PassesMax;
}
