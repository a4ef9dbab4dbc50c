using SigmaComms.Cluster.Control.Transfer;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>The disk is open: what was found on it.</summary>
/// <param name="State">How the durable state was found; after a loss it began anew.</param>
/// <param name="Detail">For people, what was lost; empty if nothing.</param>
/// <param name="Incarnation">Under which this node may vote; 0 if it may not.</param>
/// <param name="Foundation">What to go on from.</param>
/// <param name="Records">All records in order.</param>
/// <param name="Keys">The hashes of the voting keys that are here.</param>
/// <param name="UsableKeys">Those with which this node may vote, once they are registered.</param>
/// <param name="Figures">How the log stands.</param>
/// <param name="Files">What others than the disk's thread may use.</param>
internal sealed record DiskOpened(
    ControlStoreState State,
    string Detail,
    uint Incarnation,
    Foundation Foundation,
    IReadOnlyList<WalRecord> Records,
    IReadOnlyList<Digest> Keys,
    IReadOnlyList<Digest> UsableKeys,
    WalFigures Figures,
    SharedFiles Files);
