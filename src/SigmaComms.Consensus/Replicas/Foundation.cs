using System.Text;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>A final block and all that is needed to go on from it: the genesis, or a snapshot.</summary>
public sealed class Foundation
{
    /// <summary>Joins the parts.</summary>
    /// <param name="header">The final block's header.</param>
    /// <param name="ledger">The ledger after it; if it ends an epoch, the one with which the next begins.</param>
    /// <param name="history">The digests of all blocks up to and including this one.</param>
    /// <exception cref="ArgumentException">They do not belong together.</exception>
    public Foundation(BlockHeader header, Ledger ledger, MountainRange history)
    {
        Epoch epoch = header.IsEpochEnd ? header.Epoch.Next : header.Epoch;
        if (history.Count != header.Height.Value + 1 || ledger.Validators.Epoch != epoch)
        {
            throw new ArgumentException("Header, ledger and history do not belong together.", nameof(header));
        }

        Header = header;
        Digest = header.ComputeDigest();
        Ledger = ledger;
        History = history;
    }

    /// <summary>The final block's header.</summary>
    public BlockHeader Header { get; }

    /// <summary>The final block's digest.</summary>
    public Digest Digest { get; }

    /// <summary>The ledger to go on from.</summary>
    public Ledger Ledger { get; }

    /// <summary>The digests of all blocks up to and including this one.</summary>
    public MountainRange History { get; }

    /// <summary>The block at height 0: it ends the epoch before the first one, so every epoch begins alike.</summary>
    /// <param name="cluster">The cluster's id.</param>
    /// <param name="ledger">The first ledger; its validators' epoch is at least 1.</param>
    public static Foundation Genesis(Digest cluster, Ledger ledger)
    {
        Invariant.Holds(ledger.Validators.Epoch.Value > 0);
        byte[] label = Encoding.ASCII.GetBytes("SigmaComms genesis v1");
        var header = new BlockHeader(
            new Epoch(ledger.Validators.Epoch.Value - 1), new View(0), new Height(0),
            Parent: Digest.Sha256([.. label, .. cluster.ToArray()]), ParentView: new View(0),
            CommandBody.Empty.Root, ledger.Root, MountainRange.Empty.Root, Timestamp: 0, IsEpochEnd: true);
        return new Foundation(header, ledger, MountainRange.Empty.Append(header.ComputeDigest()));
    }
}
