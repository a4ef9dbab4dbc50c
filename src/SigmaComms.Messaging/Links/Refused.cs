using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>The answer to a request that was not done.</summary>
/// <param name="Reason">Why, for the program.</param>
/// <param name="Detail">Why and what to do, for people.</param>
public sealed record Refused(RefusalReason Reason, string Detail) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.Refused;

    internal override void WriteBody(WireWriter writer)
    {
        writer.U8((byte)Reason);
        LinkWire.Write(writer, Detail);
    }

    internal static Refused Read(ref WireReader reader) => new(
        LinkWire.Enum<RefusalReason>(ref reader),
        LinkWire.Text(ref reader, LinkLimits.DetailBytes));
}
