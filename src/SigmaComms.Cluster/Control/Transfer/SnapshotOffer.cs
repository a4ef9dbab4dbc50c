using SigmaComms.Cluster.Control.Blocks;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Proofs;

namespace SigmaComms.Cluster.Control.Transfer;

/// <summary>
/// What a snapshot is and why to believe it: the block after it names its state and its history, and that block is
/// final. Whoever knows the validators of an older epoch follows the hand-overs to those who made it final.
/// </summary>
/// <param name="Manifest">What the snapshot is.</param>
/// <param name="Child">The block after the snapshot's.</param>
/// <param name="Finality">Shows that the child is final.</param>
/// <param name="Handovers">From the asked epoch on to the child's.</param>
internal sealed record SnapshotOffer(
    SnapshotManifest Manifest, BlockHeader Child, FinalityProof Finality, IReadOnlyList<EpochHandover> Handovers)
{
    /// <summary>
    /// Whether the snapshot is what the validators of a known epoch, or who followed them, made final.
    /// </summary>
    /// <param name="known">Knows the validators of the epoch that the first hand-over ends.</param>
    public bool IsProven(FinalityVerifier known)
    {
        return Follow(known, Handovers) is { } verifier
            && Manifest.Block.Height.Next == Child.Height
            && Manifest.Block.Digest == Child.Parent
            && Manifest.StateRoot == Child.StateRoot
            && verifier.IsFinal(Child, Finality);
    }

    /// <summary>Follows hand-overs; untrusted.</summary>
    /// <param name="known">Knows the validators of the epoch that the first of them ends.</param>
    /// <param name="handovers">The hand-overs.</param>
    /// <returns>Knows the validators of the epoch to which all of them lead; null if one does not hold.</returns>
    public static FinalityVerifier? Follow(FinalityVerifier known, IReadOnlyList<EpochHandover> handovers)
    {
        FinalityVerifier? verifier = known;
        foreach (EpochHandover handover in handovers)
        {
            verifier = verifier?.Follow(handover);
        }

        return verifier;
    }
}
