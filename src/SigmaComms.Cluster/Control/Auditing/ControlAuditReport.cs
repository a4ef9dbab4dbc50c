using SigmaComms.Consensus;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Auditing;

/// <summary>What came of checking a node's stored log from the genesis on.</summary>
/// <param name="First">The first block that was checked: 1, or the oldest that is kept.</param>
/// <param name="Height">The last block that was checked.</param>
/// <param name="ProvenHeight">The last block that a checked certificate makes final.</param>
/// <param name="Digest">The digest of the last block that was checked.</param>
/// <param name="StateRoot">The root of the state after it; null if older blocks are not kept.</param>
/// <param name="Epoch">The epoch after it.</param>
/// <param name="Groups">Groups of commands whose signature holds.</param>
/// <param name="Commands">Commands in them, executed anew if the state before them is known.</param>
/// <param name="Certificates">Certificates that hold.</param>
/// <param name="Votes">Votes in them, each with a signature that holds.</param>
/// <param name="Fault">For people: what does not hold, and where; null if all of it does.</param>
public sealed record ControlAuditReport(
    Height First,
    Height Height,
    Height ProvenHeight,
    Digest Digest,
    Digest? StateRoot,
    Epoch Epoch,
    long Groups,
    long Commands,
    long Certificates,
    long Votes,
    string? Fault);
