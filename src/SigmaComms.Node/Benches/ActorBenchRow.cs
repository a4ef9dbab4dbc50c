namespace SigmaComms.Node.Benches;

/// <summary>What was measured of one workload.</summary>
/// <param name="Name">What was done.</param>
/// <param name="Own">With actors.</param>
/// <param name="Peer">With System.Threading.Channels in the same run, or null.</param>
internal sealed record ActorBenchRow(string Name, ActorBenchFigures Own, ActorBenchFigures? Peer)
{
    /// <summary>How many times the peer's time the own one is; null without a peer.</summary>
    public double? Ratio => Peer is { } peer ? Own.Nanoseconds / peer.Nanoseconds : null;
}
