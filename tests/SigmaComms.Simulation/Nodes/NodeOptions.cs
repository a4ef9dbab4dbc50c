using SigmaComms.Cluster.Tests.Control.Disks;

namespace SigmaComms.Simulation.Nodes;

/// <summary>What is the same for all nodes of a run.</summary>
internal sealed record NodeOptions
{
    /// <summary>A snapshot is taken every so many blocks; 0 for never.</summary>
    public ulong BlocksPerSnapshot { get; init; }

    /// <summary>How disks fail by themselves.</summary>
    public FaultRates DiskRates { get; init; } = new();

    /// <summary>How long an idle leader waits for more commands.</summary>
    public TimeSpan Linger { get; init; }

    /// <summary>From how many validators on finalizes wait for the next proposal.</summary>
    public int BundleFrom { get; init; } = 8;

    /// <summary>What is wrong with every host on purpose.</summary>
    public HostFlaw Flaw { get; init; }
}
