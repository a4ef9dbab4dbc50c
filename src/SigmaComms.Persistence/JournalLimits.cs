namespace SigmaComms.Persistence;

/// <summary>The limits every store keeps.</summary>
public static class JournalLimits
{
    /// <summary>Largest payload of an event: 1 MiB.</summary>
    public const int PayloadBytesMax = 1 << 20;

    /// <summary>Most events of one append: 1,000.</summary>
    public const int EventsPerAppendMax = 1_000;

    /// <summary>Most payload bytes of one append: 16 MiB.</summary>
    public const int BytesPerAppendMax = 16 << 20;

    /// <summary>Largest payload of a snapshot: 16 MiB.</summary>
    public const int SnapshotBytesMax = 16 << 20;

    /// <summary>Longest persistence id: 256 characters.</summary>
    public const int PersistenceIdLengthMax = 256;

    /// <summary>Highest sequence: 2^36 - 1.</summary>
    public const long SequenceMax = (1L << 36) - 1;
}
