using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Peers;

/// <summary>A link to the peer is established, dialled or accepted.</summary>
/// <param name="Lane">Which lane.</param>
/// <param name="Link">The link, which now belongs to the peer's actor.</param>
/// <param name="Incarnation">The peer's process.</param>
internal sealed record LinkReady(Lane Lane, LinkConnection Link, ulong Incarnation);
