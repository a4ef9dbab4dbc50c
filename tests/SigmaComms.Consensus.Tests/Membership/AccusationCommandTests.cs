using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Evidence;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Tests.Support;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Tests.Membership;

/// <summary>From what a replica saw to the next epoch without the culprit, through the ordered log.</summary>
public sealed class AccusationCommandTests
{
    private static readonly Digest One = Digest.Sha256([1]);
    private static readonly Digest Two = Digest.Sha256([2]);
    private static readonly View Third = new(3);

    private readonly TestNode[] _nodes = [.. Enumerable.Range(1, 4).Select(number => new TestNode(number))];
    private Ledger _ledger;
    private ulong _height;

    public AccusationCommandTests()
    {
        MembershipMachine machine = new(
            TestNode.Cluster, new Epoch(1), [.. _nodes.Select(node => node.Request())], [],
            FakeSignatures.Instance, new AccusationJudge(FakeSignatures.Instance));
        _ledger = Ledger.Genesis(TestNode.Cluster, [machine], ((IValidatorState)machine.Genesis).Validators);
    }

    public static TheoryData<Misbehaviour> Provable =>
    [
        Misbehaviour.TwoProposals, Misbehaviour.TwoNotarizations, Misbehaviour.NullifyAndFinalize,
        Misbehaviour.ForeignIncarnation, Misbehaviour.TwoFinalizes,
    ];

    private ValidatorSet Set => _ledger.Validators;

    private MembershipState Members => (MembershipState)_ledger.StateOf(MachineIds.Membership)!;

    [Theory]
    [MemberData(nameof(Provable))]
    public void What_signatures_prove_evicts_at_the_next_epoch_and_its_repeats_change_nothing(Misbehaviour kind)
    {
        NodeId guilty = Set[2].Node;
        MembershipCommand command = MembershipCommand.Against(Of(kind, voter: 2), Set);

        MembershipStatus first = Run(_nodes[0], command);
        Digest root = Members.Root;
        MembershipStatus second = Run(_nodes[1], command);
        MembershipStatus mirrored = Run(_nodes[0], MembershipCommand.Against(Of(Misbehaviour.TwoFinalizes, 2), Set));

        Assert.Equal(
            [MembershipStatus.Done, MembershipStatus.Done, MembershipStatus.Done], [first, second, mirrored]);
        Assert.Equal(root, Members.Root);
        Assert.Equal(EvictionReason.Convicted, Members.Find(guilty)!.Reason);
        Assert.True(Set.TryIndexOf(guilty, out _));
        _ledger = _ledger.BeginEpoch();
        Assert.False(Set.TryIndexOf(guilty, out _));
        Assert.Equal(MembershipStatus.Convicted, Run(_nodes[0], new MembershipCommand.Support(
            new MembershipChange.Admit(_nodes.Single(node => node.Id == guilty).Request()))));
    }

    [Fact]
    public void Evidence_of_the_last_epoch_still_convicts_and_older_evidence_does_not()
    {
        MembershipCommand late = MembershipCommand.Against(Of(Misbehaviour.TwoNotarizations, 1), Set);
        MembershipCommand later = MembershipCommand.Against(Of(Misbehaviour.TwoNotarizations, 3), Set);
        EndEpoch();

        MembershipStatus inTime = Run(_nodes[0], late);
        _ledger = _ledger.BeginEpoch();
        MembershipStatus tooLate = Run(_nodes[0], later);

        Assert.Equal(MembershipStatus.Done, inTime);
        Assert.Equal(MembershipStatus.NotProven, tooLate);
    }

    [Fact]
    public void A_leader_of_an_invalid_block_is_evicted_once_a_quorum_that_executed_the_parent_says_so()
    {
        Accusation accusation = Invalid(voter: 2);
        MembershipCommand command = MembershipCommand.Against(accusation, Set);
        TestNode[] honest = [.. _nodes.Where(node => node.Id != Set[2].Node)];

        MembershipStatus alone = Run(honest[0], command);
        MembershipStatus again = Run(honest[0], command);
        MembershipStatus two = Run(honest[1], command);
        bool isEarly = _ledger.NextValidators is not null;
        MembershipStatus quorum = Run(honest[2], command);
        MembershipStatus bySignaturesAlone = Run(honest[0], new MembershipCommand.Accuse(accusation.Encode()));

        Assert.Equal(
            [MembershipStatus.Counted, MembershipStatus.Counted, MembershipStatus.Counted], [alone, again, two]);
        Assert.False(isEarly);
        Assert.Equal(MembershipStatus.Done, quorum);
        Assert.False(_ledger.NextValidators!.TryIndexOf(Set[2].Node, out _));
        Assert.Equal(MembershipStatus.NotProven, bySignaturesAlone);
    }

    [Fact]
    public void What_is_not_sound_makes_no_command()
    {
        Accusation twice = Of(Misbehaviour.TwoNotarizations, 2);

        Assert.Throws<ArgumentException>(() => MembershipCommand.Against(twice with { Second = twice.First }, Set));
        Assert.Throws<ArgumentException>(() => MembershipCommand.Against(
            twice, new ValidatorSet(new Epoch(2), Set.Members)));
    }

    private Accusation Of(Misbehaviour kind, byte voter)
    {
        Epoch epoch = Set.Epoch;
        (Ballot first, Ballot? second) = kind switch
        {
            Misbehaviour.TwoProposals => (Ballot.Propose(epoch, Third, One), Ballot.Propose(epoch, Third, Two)),
            Misbehaviour.TwoNotarizations =>
                (Ballot.Notarize(epoch, Third, One), Ballot.Bundle(epoch, new View(2), Two, Two)),
            Misbehaviour.NullifyAndFinalize => (Ballot.Nullify(epoch, Third), Ballot.Finalize(epoch, Third, One)),
            Misbehaviour.TwoFinalizes =>
                (Ballot.Finalize(epoch, Third, One), Ballot.Bundle(epoch, Third, Two, One)),
            _ => (Ballot.Notarize(epoch, Third, One), (Ballot?)null),
        };
        uint incarnation = kind == Misbehaviour.ForeignIncarnation ? 7u : 1u;
        return new Accusation(
            kind, Sign(first, voter, incarnation), second is { } other ? Sign(other, voter, 1) : null, null);
    }

    private Accusation Invalid(byte voter)
    {
        BlockHeader header = new(
            Set.Epoch, Third, new Height(1), One, new View(0), CommandBody.Empty.Root, Two, One, 1, IsEpochEnd: false);
        Ballot ballot = Ballot.Propose(Set.Epoch, Third, header.ComputeDigest());
        return new Accusation(Misbehaviour.InvalidBlock, Sign(ballot, voter, 1), null, header);
    }

    private Vote Sign(Ballot ballot, byte voter, uint incarnation) => new(
        ballot, voter, incarnation, FakeSignatures.Sign(
            Set[voter].VotingKey.Span, ballot.SignedMessage(incarnation), ballot.SignatureContext(TestNode.Cluster)));

    private void EndEpoch()
    {
        foreach (TestNode node in _nodes.Take(3))
        {
            Run(node, new MembershipCommand.Support(new MembershipChange.EndEpoch(Set.Epoch)));
        }

        _ledger = _ledger.BeginEpoch();
    }

    private MembershipStatus Run(TestNode signer, MembershipCommand command)
    {
        _height++;
        CommandGroup group = CommandGroup.Assemble(
            signer.Key,
            CommandGroup.EncodeSigned((long)_height, [new Command(
                Digest.Sha256(BitConverter.GetBytes(_height)), 1, MachineIds.Membership, command.Encode())]),
            new byte[3_309]);
        Execution execution = _ledger.Execute(Set.Epoch, new Height(_height), (long)_height, [group]);
        _ledger = execution.Ledger;
        Assert.True(MembershipReply.TryDecode(execution.Results[0].Reply.Span, out MembershipReply reply));
        return reply.Status;
    }
}
