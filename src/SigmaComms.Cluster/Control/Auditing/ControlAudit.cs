using System.Globalization;
using SigmaComms.Cluster.Control.Blocks;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Cluster.Control.Auditing;

/// <summary>
/// Checks a node's stored blocks from the genesis on, and trusts nothing but the genesis: every signature of commands,
/// every root by executing all commands anew, and finality under the validators' keys alone, epoch after epoch.
/// </summary>
public sealed class ControlAudit
{
    private readonly ControlGenesis _genesis;
    private BlockHeader _header;
    private Digest _digest;
    private Ledger _ledger;
    private MountainRange _history;
    private FinalityVerifier _verifier;
    private Height _proven;
    private long _groups;
    private long _commands;
    private long _certificates;
    private long _votes;

    private ControlAudit(ControlGenesis genesis)
    {
        _genesis = genesis;
        _header = genesis.Foundation.Header;
        _digest = genesis.Foundation.Digest;
        _ledger = genesis.Foundation.Ledger;
        _history = genesis.Foundation.History;
        _verifier = VerifierOf(_ledger);
    }

    /// <summary>Checks the blocks in a folder; the node may run.</summary>
    /// <param name="folder">The control log's folder in a node's data directory.</param>
    /// <param name="genesis">How the log began: what is trusted.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static ControlAuditReport Run(string folder, ControlGenesis genesis, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(genesis);
        ControlAudit audit = new(genesis);
        string[] files = System.IO.Directory.Exists(folder)
            ? [.. System.IO.Directory.GetFiles(folder)
                .Where(path => BlockFile.TryParseName(Path.GetFileName(path), out _)).Order(StringComparer.Ordinal)]
            : [];
        foreach (string file in files)
        {
            if (audit.Take(BlockFileScan.Read(file), ct) is { } fault)
            {
                return audit.Report(fault);
            }
        }

        return audit.Report(null);
    }

    private ControlAuditReport Report(string? fault) => new(
        _header.Height, _proven, _digest, _ledger.Root, _ledger.Validators.Epoch, _groups, _commands, _certificates,
        _votes, fault);

    private string? Take(SortedDictionary<(ulong Height, BlockEntryKind Kind), byte[]> entries, CancellationToken ct)
    {
        ulong[] heights = [.. entries.Keys.Where(key => key.Kind == BlockEntryKind.Block).Select(key => key.Height)];
        foreach (ulong height in heights)
        {
            ct.ThrowIfCancellationRequested();
            if (height != _header.Height.Value + 1)
            {
                return At(_header.Height.Next, "is not stored here, so that no later one can be checked");
            }

            byte[]? proof = entries.GetValueOrDefault((height, BlockEntryKind.Proof));
            if (TakeBlock(entries[(height, BlockEntryKind.Block)], proof) is { } fault)
            {
                return At(new Height(height), fault);
            }
        }

        return null;
    }

    private string? TakeBlock(byte[] bytes, byte[]? proof)
    {
        var reader = new WireReader(bytes);
        if (!Block.TryRead(ref reader, bytes, out Block? block) || !reader.AtEnd)
        {
            return "is no block, or its body is not the one that its header names";
        }

        if (FaultOf(block.Header) is { } fault)
        {
            return fault;
        }

        if (block.Body.Groups.Any(group => !group.Verify(_genesis.Cluster)))
        {
            return "has commands that their signer did not sign";
        }

        Execution execution = _ledger.Execute(
            block.Header.Epoch, block.Header.Height, block.Header.Timestamp, block.Body.Groups);
        (_groups, _commands) = (_groups + block.Body.Groups.Count, _commands + block.Body.CommandCount);
        (_header, _digest, _ledger) = (block.Header, block.Digest, execution.Ledger);
        _history = _history.Append(block.Digest);
        if (proof is not null && !TakeProof(proof))
        {
            return "has a certificate that does not make it final under its epoch's keys";
        }

        if (block.Header.IsEpochEnd)
        {
            if (_proven != block.Header.Height)
            {
                return "ends its epoch, and no certificate shows that it is final";
            }

            _ledger = _ledger.BeginEpoch();
            _verifier = VerifierOf(_ledger);
        }

        return null;
    }

    private string? FaultOf(BlockHeader header) =>
        header.Parent != _digest || header.Height != _header.Height.Next ? "does not follow the block before it"
        : header.Epoch != _ledger.Validators.Epoch || header.IsClosing ? "is of another epoch, or no block of the log"
        : header.StateRoot != _ledger.Root ? "names another state than the commands before it lead to"
        : header.HistoryRoot != _history.Root ? "names another history than the blocks before it"
        : header.Timestamp <= _header.Timestamp ? "is not later than the block before it"
        : header.IsEpochEnd != (_ledger.NextValidators is not null) ? "ends its epoch where it must not, or does not"
        : null;

    private bool TakeProof(byte[] bytes)
    {
        var reader = new WireReader(bytes);
        if (!FinalityProof.TryRead(ref reader, out FinalityProof? proof) || !reader.AtEnd
            || !_verifier.IsFinal(_header, proof))
        {
            return false;
        }

        _proven = _header.Height;
        (_certificates, _votes) = (_certificates + 1, _votes + proof.Certificate.Votes.Count);
        return true;
    }

    private FinalityVerifier VerifierOf(Ledger ledger) =>
        new(_genesis.Cluster, ledger.Validators, MlDsa65Verifier.Instance);

    private static string At(Height height, string fault) =>
        string.Create(CultureInfo.InvariantCulture, $"block {height} {fault}");
}
