namespace SigmaComms.Cluster.Peers;

/// <summary>
/// The session with a peer cannot go on: the peer sent what no honest node sends, or a handler here failed on it. The
/// peer's actor fails with it, so that it is told, counted, and begun anew after a wait.
/// </summary>
/// <param name="peer">The peer, in its short form.</param>
/// <param name="detail">What happened, for people.</param>
/// <param name="inner">What a handler threw; null if the peer broke the format.</param>
internal sealed class PeerSessionException(string peer, string detail, Exception? inner)
    : Exception($"the session with node {peer} broke: {detail}", inner);
