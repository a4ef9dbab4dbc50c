using SigmaComms.Cluster.Control.Transfer;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Proofs;

namespace SigmaComms.Cluster.Control.Auditing;

/// <summary>Reads the hand-overs in a node's folder without the store, also while the node runs.</summary>
internal static class HandoverFiles
{
    /// <summary>The hand-over that ends an epoch.</summary>
    /// <param name="folder">The control log's folder.</param>
    /// <param name="epoch">The epoch.</param>
    /// <returns>Null if it is not stored, or the file is none.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static EpochHandover? Read(string folder, Epoch epoch)
    {
        string path = Path.Combine(folder, HandoverStore.NameOf(epoch));
        return File.Exists(path) ? HandoverStore.Decode(File.ReadAllBytes(path)) : null;
    }

    /// <summary>Follows the hand-overs to an epoch.</summary>
    /// <param name="folder">The control log's folder.</param>
    /// <param name="first">Knows the validators of an epoch before it, or of it.</param>
    /// <param name="to">The epoch.</param>
    /// <param name="stuckAt">The epoch whose hand-over is missing or proves nothing.</param>
    /// <returns>Null if it is not reached.</returns>
    public static FinalityVerifier? Follow(string folder, FinalityVerifier first, Epoch to, out Epoch stuckAt)
    {
        FinalityVerifier? verifier = first;
        for (stuckAt = first.Validators.Epoch; verifier is not null && stuckAt < to; stuckAt = stuckAt.Next)
        {
            verifier = Read(folder, stuckAt) is { } handover ? verifier.Follow(handover) : null;
            if (verifier is null)
            {
                return null;
            }
        }

        return verifier;
    }
}
