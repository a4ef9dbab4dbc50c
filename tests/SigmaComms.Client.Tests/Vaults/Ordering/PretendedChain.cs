using System.Diagnostics.CodeAnalysis;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.KeyDirectory;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Transparency;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Tests.Vaults.Ordering;

/// <summary>The headers of a pretended cluster's blocks, and what its validators sign of them.</summary>
internal sealed class PretendedChain(Digest cluster, SeededRandom random)
{
    private readonly Dictionary<NodeId, MlDsa65SigningKey> _votingKeys = [];
    private readonly List<(BlockHeader Header, Ledger Before)> _blocks = [];
    private readonly Dictionary<int, FinalityProof> _proofs = [];
    private MountainRange _history = MountainRange.Empty;

    /// <summary>The last block's number; the first is 1.</summary>
    public int Last => _blocks.Count;

    /// <summary>A machine that keeps no records, as proofs name it.</summary>
    public static KeyDirectoryMachine NoRecords => new(new NoJudge(), new DirectoryLimits());

    public NodeRequest RequestOf(MlDsa65SigningKey node, Consensus.Membership.NodeRoles roles, string zone)
    {
        MlDsa65SigningKey voting = new(random.Bytes(32));
        _votingKeys[node.Id] = voting;
        byte[] possession = voting.Sign(
            VotingKeyClaim.EncodeSigned(node.Id, 1), VotingKeyClaim.SignatureContext(cluster), random);
        byte[] signed = NodeRequest.EncodeSigned(
            node.PublicKey.Span,
            new NodePlace(Consensus.Membership.NodeRoles.Validator | roles, zone, 100),
            ["node:1"],
            VotingKeyClaim.Assemble(1, voting.PublicKey.ToArray(), possession));
        return NodeRequest.Assemble(signed, node.Sign(signed, NodeRequest.SignatureContext(cluster), random));
    }

    public void Add(Ledger before, long timestamp, IReadOnlyList<CommandGroup> groups)
    {
        BlockHeader header = new(
            before.Validators.Epoch,
            new View((ulong)_blocks.Count + 1),
            new Height((ulong)_blocks.Count + 1),
            _blocks.Count == 0 ? default : _blocks[^1].Header.ComputeDigest(),
            new View((ulong)_blocks.Count),
            CommandBody.Of([.. groups]).Root,
            before.Root,
            _history.Root,
            timestamp,
            IsEpochEnd: false);
        _blocks.Add((header, before));
        _history = _history.Append(header.ComputeDigest());
    }

    /// <summary>What a node shows that knows the blocks up to one.</summary>
    public LinkMessage Show(GetStateProof ask, int block, int voters = 0)
    {
        (BlockHeader header, Ledger before) = _blocks[block - 1];
        if (ask.Height > header.Height.Value)
        {
            return new Refused(RefusalReason.Unavailable, "this node is behind");
        }

        var directory = (KeyDirectoryState)before.StateOf(MachineIds.KeyDirectory)!;
        var members = (MembershipState)before.StateOf(MachineIds.Membership)!;
        var vaults = (VaultCommandsState)before.StateOf(MachineIds.VaultCommands)!;
        FinalityProof finality = voters > 0
            ? FinalityOf(header, before.Validators, voters)
            : _proofs.TryGetValue(block, out FinalityProof? known)
                ? known
                : _proofs[block] = FinalityOf(header, before.Validators, before.Validators.Quorum);
        return new LogProof(new LogAnswer([], new HeadProof(
            new StateProof(header, finality, before.Open()),
            directory.Index.Opening,
            directory.Index.ProveConsistency(ask.Updates)!,
            null,
            null)
        {
            Vault = ask.Vault is { } vault ? new VaultProof(vaults.Prove(vault), vaults.Find(vault)?.Summary) : null,
            Members = ask.WithMembers ? new MembersProof(members.Opening, [.. members.Members]) : null,
        }).Encode());
    }

    private FinalityProof FinalityOf(BlockHeader header, ValidatorSet validators, int voters)
    {
        var ballot = Ballot.Finalize(header.Epoch, header.View, header.ComputeDigest());
        CertificateVote[] votes =
        [
            .. Enumerable.Range(0, voters).Select(i => new CertificateVote(
                (byte)i,
                null,
                _votingKeys[validators[i].Node].Sign(
                    ballot.SignedMessage(validators[i].Incarnation), ballot.SignatureContext(cluster), random))),
        ];
        return new FinalityProof(
            new Certificate(BallotKind.Finalize, header.Epoch, header.View, header.ComputeDigest(), votes), []);
    }

    private sealed class NoJudge : IRecordJudge
    {
        public bool TryRead(ReadOnlySpan<byte> record, [NotNullWhen(true)] out RecordClaim? claim)
        {
            claim = null;
            return false;
        }
    }
}
