using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Peers;

/// <summary>A link to the peer has ended.</summary>
/// <param name="Link">Which.</param>
/// <param name="Closed">How.</param>
internal sealed record LinkEnded(LinkConnection Link, LinkClosed Closed);
