using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Peers;

/// <summary>Asks the transport to pass <see cref="ConfirmAlive"/> to the peer's actor.</summary>
internal sealed record AskPeer(NodeId Peer, Digest16 Nonce);
