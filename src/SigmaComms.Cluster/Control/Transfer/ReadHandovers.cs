using SigmaComms.Consensus;

namespace SigmaComms.Cluster.Control.Transfer;

/// <summary>Asks for the hand-overs of some epochs. Reply: <see cref="HandoversRead"/>.</summary>
/// <param name="From">The first epoch.</param>
/// <param name="To">The epoch that need not be left.</param>
internal sealed record ReadHandovers(Epoch From, Epoch To);
