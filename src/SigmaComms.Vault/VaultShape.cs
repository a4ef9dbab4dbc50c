namespace SigmaComms.Vault;

/// <summary>Into how many fragments a stripe is cut, and how large it is.</summary>
/// <param name="DataFragments">k, the fragments that are needed: 1 to 128.</param>
/// <param name="ParityFragments">m, the fragments that may be lost; k + m is at most 255.</param>
/// <param name="StripeSizeBytes">Plaintext of a whole stripe: 64 KiB to 8 MiB, a power of two.</param>
public readonly record struct VaultShape(int DataFragments, int ParityFragments, int StripeSizeBytes)
{
    /// <summary>The most data fragments.</summary>
    public const int DataFragmentsMax = 128;

    /// <summary>The most fragments.</summary>
    public const int FragmentsMax = 255;

    /// <summary>The smallest stripe: 64 KiB.</summary>
    public const int StripeSizeMinBytes = 64 * 1024;

    /// <summary>The largest stripe: 8 MiB.</summary>
    public const int StripeSizeMaxBytes = 8 * 1024 * 1024;

    /// <summary>The usual stripe: 1 MiB.</summary>
    public const int StripeSizeDefaultBytes = 1024 * 1024;

    /// <summary>k + m.</summary>
    public int Fragments => DataFragments + ParityFragments;

    /// <summary>Whether every number is in its range, and the stored bytes are under thrice the sealed ones.</summary>
    public bool IsValid =>
        DataFragments is >= 1 and <= DataFragmentsMax
        && ParityFragments >= 0
        && ParityFragments < 2 * DataFragments
        && ParityFragments <= FragmentsMax - DataFragments
        && StripeSizeBytes is >= StripeSizeMinBytes and <= StripeSizeMaxBytes
        && int.IsPow2(StripeSizeBytes);

    /// <summary>The usual shape for a number of storage nodes. With one node nothing is redundant.</summary>
    /// <param name="storageNodes">How many there are, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public static VaultShape DefaultFor(int storageNodes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(storageNodes, 1);
        (int data, int parity) = storageNodes switch
        {
            1 => (1, 0),
            2 => (1, 1),
            3 => (2, 1),
            4 or 5 => (2, 2),
            _ => (4, 2),
        };
        return new VaultShape(data, parity, StripeSizeDefaultBytes);
    }

    /// <summary>For example "4+2, 1 MiB".</summary>
    public override string ToString() => StripeSizeBytes % (1024 * 1024) == 0
        ? $"{DataFragments}+{ParityFragments}, {StripeSizeBytes / (1024 * 1024)} MiB"
        : $"{DataFragments}+{ParityFragments}, {StripeSizeBytes / 1024} KiB";
}
