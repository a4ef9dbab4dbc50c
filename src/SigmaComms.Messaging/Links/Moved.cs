using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// The sender's last message on this connection: what follows on the link comes over the connection that takes over.
/// One way.
/// </summary>
public sealed record Moved() : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.Moved;

    internal override void WriteBody(WireWriter writer)
    {
    }

    internal static Moved Read(ref WireReader reader) => new();
}
