using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Asks for a sign of life. Reply: <see cref="Pong"/>.</summary>
public sealed record Ping() : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.Ping;

    internal override void WriteBody(WireWriter writer)
    {
    }

    internal static Ping Read(ref WireReader reader) => new();
}
