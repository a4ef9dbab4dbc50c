using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Accepts a <see cref="Hello"/>.</summary>
/// <param name="Cluster">The cluster of the answering node.</param>
/// <param name="Incarnation">The answering node's process.</param>
/// <param name="Admission">The answering node's encoded admission.</param>
public sealed record Welcome(ClusterId Cluster, ulong Incarnation, ReadOnlyMemory<byte> Admission) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.Welcome;

    internal override void WriteBody(WireWriter writer)
    {
        LinkWire.Write(writer, Cluster.Value);
        writer.U64(Incarnation);
        writer.Opaque24(Admission.Span);
    }

    internal static Welcome Read(ref WireReader reader) => new(
        new ClusterId(LinkWire.Digest16(ref reader)),
        reader.U64(),
        reader.Opaque24(LinkLimits.AdmissionBytes).ToArray());
}
