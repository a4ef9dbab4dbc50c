using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Key and version of a directory record.</summary>
/// <param name="Kind">What kind of record.</param>
/// <param name="Key">Account or device.</param>
/// <param name="Version">The greatest one stays.</param>
public sealed record RecordHead(RecordKind Kind, NodeId Key, ulong Version)
{
    internal void Write(WireWriter writer)
    {
        writer.U8((byte)Kind);
        writer.Digest(Key.Value);
        writer.U64(Version);
    }

    internal static RecordHead Read(ref WireReader reader) =>
        new(LinkWire.Enum<RecordKind>(ref reader), new NodeId(reader.Digest()), reader.U64());
}
