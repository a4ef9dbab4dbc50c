using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Peers;

/// <summary>Figures of the peer that are shown only.</summary>
internal sealed record PeerFigures(NodeId Peer, TimeSpan RoundTrip, uint Mailboxes, bool IsStorageFailing);
