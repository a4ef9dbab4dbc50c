using SigmaComms.Messaging.Links;

namespace SigmaComms.Transport.Links;

/// <summary>How a link ended.</summary>
/// <param name="Reason">Why, or null if the transport just ended.</param>
/// <param name="Detail">Why, for people.</param>
/// <param name="ByPeer">Whether the peer said goodbye or broke off; false if this side closed.</param>
/// <param name="Error">What was thrown, if something was: by the transport, or by a handler (a bug).</param>
public sealed record LinkClosed(RefusalReason? Reason, string Detail, bool ByPeer, Exception? Error = null);
