using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// First message on a connection that takes over a link. Reply: <see cref="Welcome"/> or <see cref="Refused"/>.
/// </summary>
/// <param name="Token">As announced by <see cref="OfferRenewal"/> on the link.</param>
/// <param name="Admission">A node's encoded admission, judged anew; empty from a client.</param>
public sealed record Renew(Digest16 Token, ReadOnlyMemory<byte> Admission) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.Renew;

    internal override void WriteBody(WireWriter writer)
    {
        LinkWire.Write(writer, Token);
        writer.Opaque24(Admission.Span);
    }

    internal static Renew Read(ref WireReader reader) => new(
        LinkWire.Digest16(ref reader),
        reader.Opaque24(LinkLimits.AdmissionBytes).ToArray());
}
