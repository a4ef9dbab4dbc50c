using SigmaComms.Consensus;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control;

/// <summary>How a node's replica of the control log stands at a moment.</summary>
public sealed record ControlStatus
{
    /// <summary>How it is.</summary>
    public required ControlState State { get; init; }

    /// <summary>For people: why it does not run, or what was lost; empty if nothing.</summary>
    public string Detail { get; init; } = string.Empty;

    /// <summary>The epoch.</summary>
    public Epoch Epoch { get; init; }

    /// <summary>The view.</summary>
    public View View { get; init; }

    /// <summary>Who may propose in the view.</summary>
    public NodeId Leader { get; init; }

    /// <summary>The last final block's height.</summary>
    public Height Height { get; init; }

    /// <summary>The last final block's digest.</summary>
    public Digest Digest { get; init; }

    /// <summary>The last final block's time, in UTC ticks.</summary>
    public long Timestamp { get; init; }

    /// <summary>Who signed the certificate that made it final, as far as this replica holds it.</summary>
    public IReadOnlyList<NodeId> SignedBy { get; init; } = [];

    /// <summary>The height of which f + 1 validators say that it is final, at least the own one.</summary>
    public Height KnownHeight { get; init; }

    /// <summary>Final blocks that are not here yet, as far as f + 1 validators say.</summary>
    public ulong Lag => KnownHeight.Value - Math.Min(KnownHeight.Value, Height.Value);

    /// <summary>Who votes in the epoch, by place.</summary>
    public IReadOnlyList<NodeId> Validators { get; init; } = [];

    /// <summary>Whether this node has a place among them, whether it can vote or not.</summary>
    public bool IsValidator { get; init; }

    /// <summary>Whether this node votes.</summary>
    public bool IsVoting { get; init; }

    /// <summary>For people: why this node does not vote; empty if it does.</summary>
    public string NotVotingBecause { get; init; } = string.Empty;

    /// <summary>This node's incarnation as it votes; 0 if it may not.</summary>
    public uint Incarnation { get; init; }

    /// <summary>Groups of commands that wait.</summary>
    public int WaitingGroups { get; init; }

    /// <summary>How long commands wait without a final block.</summary>
    public TimeSpan StalledFor { get; init; }

    /// <summary>How the write-ahead log stands; null before it is open.</summary>
    public WalFigures? Wal { get; init; }
}
