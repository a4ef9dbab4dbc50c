using SigmaComms.Consensus.Proofs;

namespace SigmaComms.Cluster.Control.Transfer;

/// <summary>The answer to <see cref="ReadHandovers"/>.</summary>
/// <param name="Handovers">One after the other, as many as fit an answer.</param>
internal sealed record HandoversRead(IReadOnlyList<EpochHandover> Handovers);
