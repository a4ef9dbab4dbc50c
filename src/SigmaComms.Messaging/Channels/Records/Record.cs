namespace SigmaComms.Messaging.Channels.Records;

/// <summary>One whole record as it came.</summary>
internal readonly ref struct Record(ContentType type, ReadOnlySpan<byte> header, ReadOnlySpan<byte> body)
{
    public ContentType Type { get; } = type;

    public ReadOnlySpan<byte> Header { get; } = header;

    public ReadOnlySpan<byte> Body { get; } = body;
}
