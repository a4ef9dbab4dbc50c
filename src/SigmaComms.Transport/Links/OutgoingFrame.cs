using SigmaComms.Messaging.Links;

namespace SigmaComms.Transport.Links;

/// <summary>A message that waits to be written.</summary>
internal readonly record struct OutgoingFrame(LinkMessage Message, FrameKind Kind, ulong Correlation);
