namespace SigmaComms.Messaging.Channels.Records;

/// <summary>Sizes of records.</summary>
/// <standard>RFC 8446, sections 5.1 and 5.2.</standard>
internal static class RecordLimits
{
    public const int HeaderSize = 5;

    /// <summary>The longest content of a record: 2^14.</summary>
    public const int ContentMax = 1 << 14;

    /// <summary>What protection may add: 256.</summary>
    public const int ExpansionMax = 256;

    public const int TagSize = 16;

    /// <summary>Content type byte and tag.</summary>
    public const int SealedOverhead = 1 + TagSize;

    /// <summary>Records in a row that carry no application data, once data may flow.</summary>
    public const int IdleRecordsMax = 32;

    public const ushort Version = 0x0303;

    /// <summary>What the first ClientHello's record may say, for old middleboxes.</summary>
    public const ushort FirstVersion = 0x0301;
}
