using SigmaComms.Cryptography;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Vault.Scatter;

/// <summary>A stripe whose fragments nodes have acknowledged.</summary>
/// <param name="Entry">The stripe's entry, for the namespace.</param>
/// <param name="Holders">For each fragment the node that keeps it, or null if none took it.</param>
/// <param name="Faults">Which nodes did not take which fragment, for the repair.</param>
public sealed record ScatteredStripe(
    StripeEntry Entry, IReadOnlyList<NodeId?> Holders, IReadOnlyList<FragmentFault> Faults)
{
    /// <summary>When the first of them was sent.</summary>
    public StagingTime StagedAt { get; init; }

    /// <summary>Whether every fragment is kept.</summary>
    public bool IsWhole => Holders.All(holder => holder is not null);
}
