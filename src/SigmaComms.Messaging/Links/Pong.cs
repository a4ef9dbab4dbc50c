using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>The answer to a <see cref="Ping"/>.</summary>
public sealed record Pong() : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.Pong;

    internal override void WriteBody(WireWriter writer)
    {
    }

    internal static Pong Read(ref WireReader reader) => new();
}
