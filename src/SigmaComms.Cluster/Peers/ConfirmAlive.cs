using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Peers;

/// <summary>
/// Asks the peer's actor to tell membership when the peer is heard next, with its signature under a number if it gives
/// one; silence if it is lost.
/// </summary>
internal sealed record ConfirmAlive(Digest16 Nonce);
