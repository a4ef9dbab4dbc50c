using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Sessions;

/// <summary>One message from the peer, opened and durable, that the application has not marked yet.</summary>
/// <param name="Id">Names the message.</param>
/// <param name="Kind">What the body is.</param>
/// <param name="Counter">Its place in the conversation.</param>
/// <param name="SentUnixMs">The sender's clock.</param>
/// <param name="Body">The content.</param>
internal sealed record InboxItem(
    Digest16 Id, EnvelopeKind Kind, ulong Counter, ulong SentUnixMs, ReadOnlyMemory<byte> Body);
