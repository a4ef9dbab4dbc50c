using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>The request was carried out, durably where that was asked.</summary>
public sealed record Done() : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.Done;

    internal override void WriteBody(WireWriter writer)
    {
    }

    internal static Done Read(ref WireReader reader) => new();
}
