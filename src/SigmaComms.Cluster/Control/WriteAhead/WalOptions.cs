namespace SigmaComms.Cluster.Control.WriteAhead;

/// <summary>How a write-ahead log uses its disk.</summary>
internal sealed class WalOptions
{
    /// <summary>Bytes of a segment file, a multiple of 4,096 from 64 KiB to 1 GiB. Default 64 MiB.</summary>
    public int SegmentSizeBytes { get; set; } = 64 << 20;

    /// <summary>
    /// Bytes of zeros written ahead of the end at a time, a multiple of 4,096 up to 16 MiB; 0 for none. Default
    /// 256 KiB. Room that was only set aside costs the file system a journal commit at its first write; zeros written
    /// in one go before pay that once for many groups.
    /// </summary>
    public int ZeroAheadBytes { get; set; } = 256 << 10;

    /// <summary>Throws if an option is out of its range.</summary>
    public void Check()
    {
        RequireSectors(SegmentSizeBytes, 64 << 10, 1 << 30, nameof(SegmentSizeBytes));
        RequireSectors(ZeroAheadBytes, 0, 16 << 20, nameof(ZeroAheadBytes));
    }

    private static void RequireSectors(int value, int min, int max, string name)
    {
        if (value < min || value > max || value % WalFormat.SectorSize != 0)
        {
            throw new ArgumentException(
                $"{name} must be a multiple of {WalFormat.SectorSize} from {min} to {max}, is {value}.", name);
        }
    }
}
