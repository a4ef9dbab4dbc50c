namespace SigmaComms.Cluster.Peers;

/// <summary>Asks the peer's actor to tell membership when the peer is heard next; silence if it is lost.</summary>
internal sealed record ConfirmAlive;
