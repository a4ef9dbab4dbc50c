using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Membership;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Links;
using LinkRoles = SigmaComms.Messaging.Links.NodeRoles;
using LogRoles = SigmaComms.Consensus.Membership.NodeRoles;
using MachineIds = SigmaComms.Consensus.Machines.MachineIds;

namespace SigmaComms.Cluster.Tests;

public sealed class LedgerAdmissionsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(60);

    private readonly ClusterId _cluster = ClusterId.Create(SystemRandom.Instance);
    private readonly MlDsa65SigningKey _operator = MlDsa65SigningKey.Generate(SystemRandom.Instance);

    private readonly MlDsa65SigningKey[] _keys =
        [.. Enumerable.Range(0, 5).Select(_ => MlDsa65SigningKey.Generate(SystemRandom.Instance))];

    [Fact]
    public void Who_is_in_the_log_may_take_part_by_its_own_word_and_nobody_else()
    {
        LedgerAdmissions admissions = Over(Genesis().Foundation.Ledger, lag: 0, isCurrent: true);

        AdmissionDecision founder = admissions.Judge(OwnWord(_keys[0]), _keys[0].Id, Now);
        AdmissionDecision stranger = admissions.Judge(OwnWord(_keys[4]), _keys[4].Id, Now);
        AdmissionDecision impostor = admissions.Judge(OwnWord(_keys[4]), _keys[0].Id, Now);

        Assert.NotNull(founder.Admission);
        Assert.Equal(RefusalReason.NotAdmitted, stranger.Refusal!.Reason);
        Assert.Equal(RefusalReason.NotAdmitted, impostor.Refusal!.Reason);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(0, false)]
    public void A_node_that_is_behind_does_not_turn_away_for_good_whom_it_does_not_know(int lag, bool isCurrent)
    {
        LedgerAdmissions admissions = Over(Genesis().Foundation.Ledger, (ulong)lag, isCurrent);

        AdmissionDecision decision = admissions.Judge(OwnWord(_keys[4]), _keys[4].Id, Now);

        Assert.Equal(RefusalReason.Unavailable, decision.Refusal!.Reason);
    }

    [Fact]
    public void An_evicted_validator_is_turned_out_when_its_last_epoch_has_ended()
    {
        Ledger evicted = Order(Genesis().Foundation.Ledger, new MembershipChange.Evict(_keys[3].Id));
        LedgerAdmissions before = Over(evicted, lag: 0, isCurrent: true);
        LedgerAdmissions after = Over(evicted.BeginEpoch(), lag: 0, isCurrent: true);

        AdmissionDecision voting = before.Judge(OwnWord(_keys[3]), _keys[3].Id, Now);
        AdmissionDecision gone = after.Judge(OwnWord(_keys[3]), _keys[3].Id, Now);

        Assert.NotNull(voting.Admission);
        Assert.False(before.IsTurnedOut(_keys[3].Id));
        Assert.Equal(RefusalReason.NotAdmitted, gone.Refusal!.Reason);
        Assert.Contains("evicted", gone.Refusal.Detail, StringComparison.Ordinal);
        Assert.True(after.IsTurnedOut(_keys[3].Id));
        Assert.False(after.IsTurnedOut(_keys[0].Id));
        Assert.False(after.IsTurnedOut(_keys[4].Id));
    }

    [Fact]
    public void More_validators_than_may_lie_have_an_honest_one_among_them_and_others_do_not_count()
    {
        LedgerAdmissions admissions = Over(Genesis().Foundation.Ledger, lag: 0, isCurrent: true);

        Assert.False(admissions.IsHonestAmong([_keys[0].Id]));
        Assert.False(admissions.IsHonestAmong([_keys[0].Id, _keys[4].Id, _operator.Id]));
        Assert.True(admissions.IsHonestAmong([_keys[0].Id, _keys[3].Id]));
    }

    private ControlGenesis Genesis()
    {
        Digest log = ControlGenesis.ClusterOf(_cluster);
        return new ControlGenesis(log, [.. _keys.Take(4).Select(key => Founder(key, log))], [_operator.Id]);
    }

    private static NodeRequest Founder(MlDsa65SigningKey key, Digest log)
    {
        var voting = MlDsa65SigningKey.Generate(SystemRandom.Instance);
        byte[] possession = voting.Sign(
            VotingKeyClaim.EncodeSigned(key.Id, 1), VotingKeyClaim.SignatureContext(log), SystemRandom.Instance);
        var claim = VotingKeyClaim.Assemble(1, voting.PublicKey, possession);
        NodePlace place = new(LogRoles.Validator, "", 100);
        byte[] signed = NodeRequest.EncodeSigned(key.PublicKey.Span, place, ["h:1"], claim);
        return NodeRequest.Assemble(
            signed, key.Sign(signed, NodeRequest.SignatureContext(log), SystemRandom.Instance));
    }

    private Ledger Order(Ledger ledger, MembershipChange change)
    {
        byte[] payload = new MembershipCommand.Support(change).Encode();
        byte[] signed = CommandGroup.EncodeSigned(
            1, [new Command(Digest.Sha256([1]), 1, MachineIds.Membership, payload)]);
        byte[] signature = _operator.Sign(
            signed, CommandGroup.SignatureContext(ledger.Cluster), SystemRandom.Instance);
        var group = CommandGroup.Assemble(_operator.PublicKey.Span, signed, signature);
        Execution execution = ledger.Execute(ControlGenesis.FirstEpoch, new Height(1), 2, [group]);
        Assert.Equal(CommandOutcome.Executed, execution.Results[0].Outcome);
        return execution.Ledger;
    }

    private ReadOnlyMemory<byte> OwnWord(MlDsa65SigningKey key) => NodeAdmission.Sign(
        key, _cluster, key.PublicKey, "n", [], LinkRoles.Storage, Now.AddYears(1), SystemRandom.Instance).Encoded;

    private LedgerAdmissions Over(Ledger ledger, ulong lag, bool isCurrent)
    {
        OperatorSignedAdmissions documents = new(_cluster, _operator.PublicKey, takesOwnWord: true);
        ControlReading reading = new(ledger, new Height(1), default, 2, lag);
        return new LedgerAdmissions(documents, () => reading, () => isCurrent);
    }
}
