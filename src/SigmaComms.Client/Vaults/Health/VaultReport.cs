using SigmaComms.Cryptography;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults.Health;

/// <summary>What became of looking at every stripe of a vault, or of repairing it.</summary>
/// <param name="Stripes">How many there are.</param>
/// <param name="Whole">Stripes of which every fragment was found.</param>
/// <param name="Degraded">Stripes that lack fragments, and can be read.</param>
/// <param name="Lost">Stripes that cannot be read now.</param>
/// <param name="Missing">Fragments that were found nowhere.</param>
/// <param name="Corrupt">Fragments that a node has wrong.</param>
/// <param name="Elsewhere">Fragments that lie at another node than they belong to.</param>
/// <param name="Rebuilt">Fragments that were rebuilt and kept by a node.</param>
/// <param name="Crowded">Stripes that could not be read any more after the loss of one node.</param>
/// <param name="Position">How far the log was followed and its chain found right.</param>
/// <param name="SilentNodes">Nodes that gave no answer.</param>
/// <param name="LostFiles">Paths of files that cannot be read now, the first 100.</param>
public sealed record VaultReport(
    long Stripes,
    long Whole,
    long Degraded,
    long Lost,
    long Missing,
    long Corrupt,
    long Elsewhere,
    long Rebuilt,
    long Crowded,
    LogPosition Position,
    IReadOnlyList<NodeId> SilentNodes,
    IReadOnlyList<VaultPath> LostFiles)
{
    /// <summary>Whether every fragment of every stripe is there, and no node has more than may be lost.</summary>
    public bool IsHealthy => Whole == Stripes && Corrupt == 0 && Crowded == 0;
}
