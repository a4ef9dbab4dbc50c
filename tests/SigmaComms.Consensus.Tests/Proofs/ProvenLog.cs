using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Tests.Commands;
using SigmaComms.Consensus.Tests.Membership;
using SigmaComms.Consensus.Tests.Support;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Tests.Proofs;

/// <summary>A short log over two epochs with real machines and made-up signatures, to prove things of.</summary>
internal sealed class ProvenLog
{
    private readonly TestNode[] _nodes = [.. Enumerable.Range(1, 12).Select(number => new TestNode(number))];
    private MountainRange _history = MountainRange.Empty;
    private Ledger _ledger;

    public ProvenLog(params IMachine[] more)
    {
        MembershipMachine membership = new(
            TestNode.Cluster,
            new Epoch(1),
            [.. _nodes.Take(4).Select(node => node.Request())],
            [Boss.Id],
            FakeSignatures.Instance,
            new NamingJudge());
        IMachine[] machines = [membership, new VaultCommandsMachine(new VaultLimits()), .. more];
        _ledger = Ledger.Genesis(TestNode.Cluster, machines, ((IValidatorState)membership.Genesis).Validators);
        First = _ledger.Validators;
        Append(isEpochEnd: false);
    }

    public static TestSigner Boss { get; } = new(77);

    public ValidatorSet First { get; }

    public ValidatorSet Current => _ledger.Validators;

    public List<BlockHeader> Headers { get; } = [];

    public List<CommandBody> Bodies { get; } = [];

    /// <summary>The states that the headers name.</summary>
    public List<Ledger> Ledgers { get; } = [];

    public List<StateOpening> Openings { get; } = [];

    public List<ValidatorSet> Sets { get; } = [];

    public Ledger Ledger => _ledger;

    public MountainRange History => _history;

    public FinalityVerifier Verifier(ValidatorSet set) => new(TestNode.Cluster, set, FakeSignatures.Instance);

    /// <summary>A block with the groups, executed; the next one begins a new epoch if it ends one.</summary>
    public void Append(bool isEpochEnd, params CommandGroup[] groups)
    {
        CommandBody body = CommandBody.Of(groups);
        BlockHeader? parent = Headers.LastOrDefault();
        BlockHeader header = new(
            _ledger.Validators.Epoch,
            new View((ulong)Headers.Count + 1),
            new Height((ulong)Headers.Count),
            parent?.ComputeDigest() ?? default,
            new View((ulong)Headers.Count),
            body.Root,
            _ledger.Root,
            _history.Root,
            Headers.Count + 1,
            isEpochEnd);
        Headers.Add(header);
        Bodies.Add(body);
        Ledgers.Add(_ledger);
        Openings.Add(_ledger.Open());
        Sets.Add(_ledger.Validators);
        _history = _history.Append(header.ComputeDigest());
        Ledger after = _ledger.Execute(header.Epoch, header.Height, header.Timestamp, body.Groups).Ledger;
        _ledger = isEpochEnd ? after.BeginEpoch() : after;
    }

    public void Append(MembershipCommand command, ReadOnlyMemory<byte> key, ulong sequence)
    {
        CommandGroup group = CommandGroup.Assemble(
            key.Span,
            CommandGroup.EncodeSigned(1, [new Command(
                NodeId.Of(key.Span).Value, sequence, MachineIds.Membership, command.Encode())]),
            new byte[3_309]);
        Append(isEpochEnd: false, group);
    }

    /// <summary>Lets a fifth validator join, which begins epoch 2.</summary>
    public void ChangeEpoch()
    {
        TestNode joiner = _nodes[8];
        Append(new MembershipCommand.Support(new MembershipChange.Admit(joiner.Request())), Boss.Key, 1);
        Append(new MembershipCommand.Ready(Headers[^1].Height), joiner.Key, 1);
        Append(isEpochEnd: true);
    }

    /// <summary>A finalization of a block a few blocks later, with one vote out of a bundle.</summary>
    public FinalityProof Finality(int height, int distance, int voters = 0)
    {
        BlockHeader certified = Headers[height + distance];
        return FinalityOf(certified, Sets[height + distance], voters, Headers.Skip(height + 1).Take(distance));
    }

    /// <summary>A finalization of any block, and the headers that lead to it.</summary>
    public static FinalityProof FinalityOf(
        BlockHeader certified, ValidatorSet set, int voters, IEnumerable<BlockHeader> descendants)
    {
        CertificateVote[] votes =
        [
            .. Enumerable.Range(0, voters == 0 ? set.Quorum : voters).Select(i => Vote(certified, set, i)),
        ];
        Certificate certificate = new(
            BallotKind.Finalize, certified.Epoch, certified.View, certified.ComputeDigest(), votes);
        return new FinalityProof(certificate, [.. descendants]);
    }

    private static CertificateVote Vote(BlockHeader header, ValidatorSet set, int voter)
    {
        Digest? companion = voter == 1 ? Digest.Sha256([9]) : null;
        Digest block = header.ComputeDigest();
        Ballot ballot = companion is { } next
            ? Ballot.Bundle(header.Epoch, header.View, block, next)
            : Ballot.Finalize(header.Epoch, header.View, block);
        byte[] signature = FakeSignatures.Sign(
            set[voter].VotingKey.Span,
            ballot.SignedMessage(set[voter].Incarnation),
            ballot.SignatureContext(TestNode.Cluster));
        return new CertificateVote((byte)voter, companion, signature);
    }
}
