using System.Diagnostics.CodeAnalysis;
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
/// every root by executing all commands anew, and finality under the validators' keys alone, epoch after epoch. Where
/// the oldest blocks are dropped it follows the stored hand-overs to the epoch of the first one that is there; the
/// state before that one is not known, so nothing is executed.
/// </summary>
public sealed class ControlAudit
{
    private const string NoBlock = "is no block, or its body is not the one that its header names";

    private readonly ControlGenesis _genesis;
    private readonly string _folder;
    private BlockHeader _header;
    private Digest _digest;
    private MountainRange _history;
    private FinalityVerifier _verifier;
    private Height _first = new(1);
    private Height _proven;

    // Null where the state is not known.
    private Ledger? _ledger;
    private long _groups;
    private long _commands;
    private long _certificates;
    private long _votes;

    private ControlAudit(ControlGenesis genesis, string folder)
    {
        _genesis = genesis;
        _folder = folder;
        _header = genesis.Foundation.Header;
        _digest = genesis.Foundation.Digest;
        _ledger = genesis.Foundation.Ledger;
        _history = genesis.Foundation.History;
        _verifier = VerifierOf(genesis.Validators);
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
        ControlAudit audit = new(genesis, folder);
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
        _first, _header.Height, _proven, _digest, _ledger?.Root, _verifier.Validators.Epoch, _groups, _commands,
        _certificates, _votes, fault);

    private string? Take(SortedDictionary<(ulong Height, BlockEntryKind Kind), byte[]> entries, CancellationToken ct)
    {
        ulong[] heights = [.. entries.Keys.Where(key => key.Kind == BlockEntryKind.Block).Select(key => key.Height)];
        foreach (ulong height in heights)
        {
            ct.ThrowIfCancellationRequested();
            bool isFirst = _header.Height.Value == 0;
            if (isFirst && height > 1)
            {
                if (BeginAt(entries[(height, BlockEntryKind.Block)]) is { } why)
                {
                    return At(new Height(height), why);
                }
            }
            else if (height != _header.Height.Value + 1)
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

    // The header before is not here: of it the block itself says all that is asked of the next one.
    private string? BeginAt(byte[] bytes)
    {
        if (!TryRead(bytes, out Block? block))
        {
            return NoBlock;
        }

        if (HandoverFiles.Follow(_folder, _verifier, block.Header.Epoch, out Epoch stuckAt) is not { } verifier)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"is the first that is kept, and how epoch {stuckAt.Value} handed over is not stored, or not proven");
        }

        _verifier = verifier;
        _ledger = null;
        _first = block.Header.Height;
        _digest = block.Header.Parent;
        _header = block.Header with { Height = new Height(_first.Value - 1), Timestamp = 0 };
        return null;
    }

    private string? TakeBlock(byte[] bytes, byte[]? proof)
    {
        if (!TryRead(bytes, out Block? block))
        {
            return NoBlock;
        }

        if (FaultOf(block.Header) is { } fault)
        {
            return fault;
        }

        if (block.Body.Groups.Any(group => !group.Verify(_genesis.Cluster)))
        {
            return "has commands that their signer did not sign";
        }

        _ledger = _ledger?.Execute(
            block.Header.Epoch, block.Header.Height, block.Header.Timestamp, block.Body.Groups).Ledger;
        (_groups, _commands) = (_groups + block.Body.Groups.Count, _commands + block.Body.CommandCount);
        (_header, _digest) = (block.Header, block.Digest);
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

            return BeginEpoch();
        }

        return null;
    }

    private string? BeginEpoch()
    {
        _ledger = _ledger?.BeginEpoch();
        FinalityVerifier? next = _ledger is { } ledger
            ? VerifierOf(ledger.Validators)
            : HandoverFiles.Follow(_folder, _verifier, _header.Epoch.Next, out _);
        _verifier = next ?? _verifier;
        return next is null ? "ends its epoch, and how that handed over is not stored, or not proven" : null;
    }

    private string? FaultOf(BlockHeader header) =>
        header.Parent != _digest || header.Height != _header.Height.Next ? "does not follow the block before it"
        : header.Epoch != _verifier.Validators.Epoch || header.IsClosing ? "is of another epoch, or no block of the log"
        : header.Timestamp <= _header.Timestamp ? "is not later than the block before it"
        : _ledger is not { } ledger ? null
        : header.StateRoot != ledger.Root ? "names another state than the commands before it lead to"
        : header.HistoryRoot != _history.Root ? "names another history than the blocks before it"
        : header.IsEpochEnd != (ledger.NextValidators is not null) ? "ends its epoch where it must not, or does not"
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

    private FinalityVerifier VerifierOf(ValidatorSet validators) =>
        new(_genesis.Cluster, validators, MlDsa65Verifier.Instance);

    private static bool TryRead(byte[] bytes, [NotNullWhen(true)] out Block? block)
    {
        var reader = new WireReader(bytes);
        return Block.TryRead(ref reader, bytes, out block) && reader.AtEnd;
    }

    private static string At(Height height, string fault) =>
        string.Create(CultureInfo.InvariantCulture, $"block {height} {fault}");
}
