using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>One member in a node's view.</summary>
/// <param name="Id">The member.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Endpoint">Where it listens, host:port.</param>
/// <param name="State">What the answering node thinks of it.</param>
/// <param name="Incarnation">Its process, greater at each start.</param>
/// <param name="RoundTripMicroseconds">Smoothed round trip of the control lane; 0 if unknown or self.</param>
/// <param name="Mailboxes">Mailboxes it said it keeps.</param>
public sealed record MemberStatus(
    NodeId Id,
    string Name,
    string Endpoint,
    MemberState State,
    ulong Incarnation,
    uint RoundTripMicroseconds,
    uint Mailboxes)
{
    internal void Write(WireWriter writer)
    {
        writer.Digest(Id.Value);
        LinkWire.Write(writer, Name);
        LinkWire.Write(writer, Endpoint);
        writer.U8((byte)State);
        writer.U64(Incarnation);
        writer.U32(RoundTripMicroseconds);
        writer.U32(Mailboxes);
    }

    internal static MemberStatus Read(ref WireReader reader) => new(
        new NodeId(reader.Digest()),
        LinkWire.Text(ref reader, LinkLimits.NameBytes),
        LinkWire.Text(ref reader, LinkLimits.EndpointBytes),
        LinkWire.Enum<MemberState>(ref reader),
        reader.U64(),
        reader.U32(),
        reader.U32());
}
