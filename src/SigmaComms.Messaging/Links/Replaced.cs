using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Tells a client that another connection of its device took over; this one gets no more deliveries.</summary>
public sealed record Replaced() : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.Replaced;

    internal override void WriteBody(WireWriter writer)
    {
    }

    internal static Replaced Read(ref WireReader reader) => new();
}
