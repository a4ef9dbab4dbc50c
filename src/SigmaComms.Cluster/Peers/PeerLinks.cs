using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Peers;

/// <summary>The two links to one peer that can be used now.</summary>
/// <param name="Control">Heartbeats and membership.</param>
/// <param name="Bulk">Everything else.</param>
/// <param name="Session">Differs for every pair of links, so that what was agreed on older ones is forgotten.</param>
internal sealed record PeerLinks(LinkConnection Control, LinkConnection Bulk, long Session);
