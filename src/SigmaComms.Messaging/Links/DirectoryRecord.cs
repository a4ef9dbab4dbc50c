using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>A record of the directory with its key.</summary>
/// <param name="Head">Key and version.</param>
/// <param name="Content">The encoded record or bundle.</param>
public sealed record DirectoryRecord(RecordHead Head, ReadOnlyMemory<byte> Content)
{
    internal void Write(WireWriter writer)
    {
        Head.Write(writer);
        writer.Opaque24(Content.Span);
    }

    internal static DirectoryRecord Read(ref WireReader reader) => new(
        RecordHead.Read(ref reader),
        reader.Opaque24(LinkLimits.AccountRecordBytes).ToArray());
}
