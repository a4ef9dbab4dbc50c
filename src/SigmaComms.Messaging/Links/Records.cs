using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Directory records.</summary>
/// <param name="Found">Those of the wanted records that the node has.</param>
public sealed record Records(IReadOnlyList<DirectoryRecord> Found) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.Records;

    internal override void WriteBody(WireWriter writer)
    {
        LinkWire.WriteList(writer, Found, static (w, item) => item.Write(w));
    }

    internal static Records Read(ref WireReader reader) =>
        new(LinkWire.ReadList(ref reader, LinkLimits.RecordsPerPull, DirectoryRecord.Read));
}
