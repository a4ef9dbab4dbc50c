using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Sessions;

/// <summary>One message from the peer, opened and durable, that the application has not marked yet.</summary>
/// <param name="Id">Names the message.</param>
/// <param name="Kind">What the body is.</param>
/// <param name="Counter">Its place in the peer's stream.</param>
/// <param name="SentUnixMs">The sender's clock.</param>
/// <param name="Body">The content.</param>
internal sealed record InboxItem(
    Digest16 Id, EnvelopeKind Kind, ulong Counter, ulong SentUnixMs, ReadOnlyMemory<byte> Body)
{
    /// <summary>Its place among all that came from the peer, from 1 without gaps; 0 while it waits.</summary>
    public ulong Place { get; init; }
}
