using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>What a replica must be told; the same at every start but for its incarnation.</summary>
/// <param name="Self">This node.</param>
/// <param name="Incarnation">
/// Counts the lives of this node's durable state. It votes only in epochs that have it registered under this one, so
/// a node that lost its disk takes a greater one and waits for the next epoch.
/// </param>
public sealed record ReplicaOptions(NodeId Self, uint Incarnation)
{
    /// <summary>D0: how long a message between validators takes at most, as a rule. Default 100 ms, a LAN.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long an idle leader waits for more commands after the first. Default none.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.Zero;

    /// <summary>
    /// From how many validators on a finalize waits under load for the next proposal, at most D0 / 2, so that one vote
    /// says both: half of the votes for one more network delay. Default 8.
    /// </summary>
    public int BundleFrom { get; init; } = 8;

    /// <summary>How far ahead of the own clock a block's time may be. Default 500 ms.</summary>
    public TimeSpan AheadMax { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How many groups of commands may wait. Default 10,000.</summary>
    public int WaitingGroupsMax { get; init; } = 10_000;

    /// <summary>How many bytes of commands may wait. Default 8 MiB.</summary>
    public int WaitingBytesMax { get; init; } = 8 * 1024 * 1024;
}
