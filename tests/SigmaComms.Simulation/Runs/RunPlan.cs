using SigmaComms.Simulation.Faults;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Runs;

/// <summary>What a run is made of; all of it follows from the seed, and faults may be left out one by one.</summary>
internal sealed record RunPlan
{
    public required ulong Seed { get; init; }

    /// <summary>Nodes that vote at first.</summary>
    public required int Validators { get; init; }

    /// <summary>Nodes that may join.</summary>
    public int Spares { get; init; }

    /// <summary>The Byzantine ones, at most f.</summary>
    public IReadOnlyList<(int Node, LieKind Kind)> Liars { get; init; } = [];

    public LinkProfile Links { get; init; } = LinkProfile.Calm;

    public NodeOptions Options { get; init; } = new();

    public int Clients { get; init; } = 3;

    public int OperationsPerClient { get; init; } = 8;

    public TimeSpan ThinkMax { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long faults go on.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(4);

    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>Whether the trace has every message; another hash then.</summary>
    public bool TracesMessages { get; init; }
}
