using SigmaComms.Cluster.Peers;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>Messages to be offered to a node where they belong.</summary>
internal sealed record HandOverOffer(NodeId Target, PeerLinks Links, IReadOnlyList<Digest16> MessageIds);
