using System.Diagnostics.CodeAnalysis;
using SigmaComms.Client.Transparency;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.KeyDirectory;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Transparency;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Tests.Support;

/// <summary>The control log of a fake cluster: real machines, real signatures of four validators, no network.</summary>
internal sealed class FakeLog
{
    private static readonly byte[] Publisher = new byte[MlDsa65.PublicKeySize];
    private static readonly byte[] Boss = [.. Enumerable.Repeat((byte)1, MlDsa65.PublicKeySize)];

    private readonly SeededRandom _random;
    private readonly Dictionary<NodeId, MlDsa65SigningKey> _votingKeys = [];
    private readonly List<(BlockHeader Header, Ledger Ledger)> _blocks = [];
    private MountainRange _history = MountainRange.Empty;
    private Ledger _ledger;
    private ulong _sequence;

    /// <param name="cluster">The log's id.</param>
    /// <param name="nodes">Founders that vote, at least four.</param>
    /// <param name="random">For keys and signatures.</param>
    public FakeLog(Digest cluster, IEnumerable<MlDsa65SigningKey> nodes, SeededRandom random)
    {
        Cluster = cluster;
        _random = random;
        MembershipMachine membership = new(
            cluster, new Epoch(1), [.. nodes.Select(RequestOf)], [NodeId.Of(Boss)], MlDsa65Verifier.Instance,
            new AccusationJudge(MlDsa65Verifier.Instance));
        IMachine[] machines = [membership, new KeyDirectoryMachine(new RecordJudge(), new DirectoryLimits())];
        _ledger = Ledger.Genesis(cluster, machines, ((IValidatorState)membership.Genesis).Validators);
        Anchor = new LogAnchor(cluster, _ledger.Validators);
        Append();
        Append();
    }

    public Digest Cluster { get; }

    public LogAnchor Anchor { get; }

    /// <summary>While set nothing gets in.</summary>
    public bool HasNoQuorum { get; set; }

    public int Last => _blocks.Count - 1;

    /// <summary>Founded by the nodes of a cluster, and a fourth one that nobody can reach.</summary>
    public static FakeLog Of(FakeCluster cluster, SeededRandom random)
    {
        var silent = new MlDsa65SigningKey(random.Bytes(32));
        MlDsa65SigningKey[] founders = [.. cluster.Nodes.Select(node => node.Key), silent];
        return new FakeLog(Digest.Sha256(cluster.Cluster.Value.ToArray()), founders, random);
    }

    /// <summary>What a node answers to whoever publishes a record.</summary>
    public LinkMessage Take(AccountRecord record)
    {
        if (HasNoQuorum && !Has(record))
        {
            return new Refused(RefusalReason.NotInLog, "no quorum");
        }

        if (!Has(record))
        {
            Publish(record);
        }

        return new Done();
    }

    public void Publish(AccountRecord record)
    {
        Append(Publisher, MachineIds.KeyDirectory, KeyDirectoryState.EncodePublish(record.Encoded.Span));
        Append();
    }

    public bool Has(AccountRecord record) =>
        Directory(_ledger).Index.Find(record.Name)?.Record == Digest.Sha256(record.Encoded.Span);

    public void Evict(NodeId node)
    {
        Append(Boss, MachineIds.Membership, new MembershipCommand.Support(new MembershipChange.Evict(node)).Encode());
        Append();
    }

    public void Admit(MlDsa65SigningKey node)
    {
        byte[] signed = NodeRequest.EncodeSigned(
            node.PublicKey.Span, new NodePlace(Consensus.Membership.NodeRoles.Mailbox, "", 100), ["late:1"], null);
        NodeRequest request = NodeRequest.Assemble(
            signed, node.Sign(signed, NodeRequest.SignatureContext(Cluster), _random));
        Append(
            Boss, MachineIds.Membership, new MembershipCommand.Support(new MembershipChange.Admit(request)).Encode());
        Append();
    }

    /// <summary>What an honest node answers; of an older block if one is named.</summary>
    public LogAnswer Show(GetLogProof ask, int? at = null)
    {
        (BlockHeader header, Ledger ledger) = _blocks[at ?? Last];
        KeyDirectoryState directory = Directory(ledger);
        var members = (MembershipState)ledger.StateOf(MachineIds.Membership)!;
        return new LogAnswer([], new HeadProof(
            new StateProof(header, FinalityOf(header, ledger.Validators), ledger.Open()),
            directory.Index.Opening,
            directory.Index.ProveConsistency(Math.Min(ask.Updates, directory.Index.HistoryCount))!,
            ask.Name is not { } name
                ? null
                : new NameProof(directory.Prove(name), directory.FindRecord(name) ?? default),
            ask.Node is not { } node
                ? null
                : new MemberProof(members.Opening, members.Prove(node), members.Find(node))));
    }

    private static KeyDirectoryState Directory(Ledger ledger) =>
        (KeyDirectoryState)ledger.StateOf(MachineIds.KeyDirectory)!;

    private NodeRequest RequestOf(MlDsa65SigningKey node)
    {
        var voting = new MlDsa65SigningKey(_random.Bytes(32));
        _votingKeys[node.Id] = voting;
        byte[] possession = voting.Sign(
            VotingKeyClaim.EncodeSigned(node.Id, 1), VotingKeyClaim.SignatureContext(Cluster), _random);
        byte[] signed = NodeRequest.EncodeSigned(
            node.PublicKey.Span,
            new NodePlace(Consensus.Membership.NodeRoles.Validator, "", 100),
            ["node:1"],
            VotingKeyClaim.Assemble(1, voting.PublicKey.ToArray(), possession));
        return NodeRequest.Assemble(signed, node.Sign(signed, NodeRequest.SignatureContext(Cluster), _random));
    }

    private void Append(byte[] signer, ushort machine, byte[] payload)
    {
        Command command = new(NodeId.Of(signer).Value, ++_sequence, machine, payload);
        Append(CommandGroup.Assemble(
            signer, CommandGroup.EncodeSigned(1, [command]), new byte[MlDsa65.SignatureSize]));
    }

    private void Append(params CommandGroup[] groups)
    {
        CommandBody body = CommandBody.Of(groups);
        BlockHeader header = new(
            _ledger.Validators.Epoch,
            new View((ulong)_blocks.Count + 1),
            new Height((ulong)_blocks.Count),
            _blocks.Count == 0 ? default : _blocks[^1].Header.ComputeDigest(),
            new View((ulong)_blocks.Count),
            body.Root,
            _ledger.Root,
            _history.Root,
            _blocks.Count + 1,
            IsEpochEnd: false);
        _blocks.Add((header, _ledger));
        _history = _history.Append(header.ComputeDigest());
        _ledger = _ledger.Execute(header.Epoch, header.Height, header.Timestamp, body.Groups).Ledger;
    }

    private FinalityProof FinalityOf(BlockHeader header, ValidatorSet validators)
    {
        var ballot = Ballot.Finalize(header.Epoch, header.View, header.ComputeDigest());
        CertificateVote[] votes =
        [
            .. Enumerable.Range(0, validators.Quorum).Select(i => new CertificateVote(
                (byte)i,
                null,
                _votingKeys[validators[i].Node].Sign(
                    ballot.SignedMessage(validators[i].Incarnation), ballot.SignatureContext(Cluster), _random))),
        ];
        return new FinalityProof(
            new Certificate(BallotKind.Finalize, header.Epoch, header.View, header.ComputeDigest(), votes), []);
    }

    private sealed class RecordJudge : IRecordJudge
    {
        public bool TryRead(ReadOnlySpan<byte> record, [NotNullWhen(true)] out RecordClaim? claim)
        {
            claim = AccountRecord.TryDecode(record, out AccountRecord? read)
                ? new RecordClaim(read.Name, read.AccountId, read.Version)
                : null;
            return claim is not null;
        }
    }
}
