namespace SigmaComms.Messaging.Links;

/// <summary>One frame of a link.</summary>
/// <param name="Kind">Request, reply or push.</param>
/// <param name="Correlation">Joins a reply to its request; 0 in a push.</param>
/// <param name="Message">The message; null only if its number is not known.</param>
public readonly record struct LinkFrame(FrameKind Kind, ulong Correlation, LinkMessage? Message);
