using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>First message on every link. Reply: <see cref="Welcome"/> or <see cref="Refused"/>.</summary>
/// <param name="Protocol">Version of this protocol; 1.</param>
/// <param name="Cluster">The cluster the sender means to reach.</param>
/// <param name="Kind">Node or client.</param>
/// <param name="Lane">What the link will carry.</param>
/// <param name="Incarnation">The sender's process, greater at each start; 0 from a client.</param>
/// <param name="Admission">A node's encoded admission; empty from a client.</param>
public sealed record Hello(
    ushort Protocol,
    ClusterId Cluster,
    LinkKind Kind,
    Lane Lane,
    ulong Incarnation,
    ReadOnlyMemory<byte> Admission) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.Hello;

    internal override void WriteBody(WireWriter writer)
    {
        writer.U16(Protocol);
        LinkWire.Write(writer, Cluster.Value);
        writer.U8((byte)Kind);
        writer.U8((byte)Lane);
        writer.U64(Incarnation);
        writer.Opaque24(Admission.Span);
    }

    internal static Hello Read(ref WireReader reader) => new(
        reader.U16(),
        new ClusterId(LinkWire.Digest16(ref reader)),
        LinkWire.Enum<LinkKind>(ref reader),
        LinkWire.Enum<Lane>(ref reader),
        reader.U64(),
        reader.Opaque24(LinkLimits.AdmissionBytes).ToArray());
}
