using SigmaComms.Messaging.Links;

namespace SigmaComms.Transport.Links;

/// <summary>A message that waits to be written.</summary>
/// <param name="Message">The message.</param>
/// <param name="Kind">Request, reply or push.</param>
/// <param name="Correlation">Joins a request and its reply.</param>
/// <param name="EndsRequest">Whether it answers a request that was begun, and so makes room for another.</param>
/// <param name="Move">The move that it is the last word for; what follows goes to the next connection.</param>
internal readonly record struct OutgoingFrame(
    LinkMessage Message, FrameKind Kind, ulong Correlation, bool EndsRequest = false, LinkMove? Move = null);
