using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Tests.Support;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Consensus.Tests.Membership;

public sealed class MembershipTests
{
    private readonly TestCluster _cluster = new(4);

    private TestNode Joiner => _cluster.Nodes[10];

    [Fact]
    public void A_validator_is_admitted_by_a_quorum_and_votes_after_it_said_that_it_is_ready()
    {
        MembershipChange.Admit admit = new(Joiner.Request());

        MembershipReply first = _cluster.Support(_cluster.Nodes[0], admit);
        MembershipReply again = _cluster.Support(_cluster.Nodes[0], admit);
        MembershipReply second = _cluster.Support(_cluster.Nodes[1], admit);
        MembershipReply third = _cluster.Support(_cluster.Nodes[2], admit);

        Assert.Equal((MembershipStatus.Counted, 2u), (first.Status, first.Missing));
        Assert.Equal(first, again);
        Assert.Equal((MembershipStatus.Counted, 1u), (second.Status, second.Missing));
        Assert.Equal(MembershipStatus.Done, third.Status);
        Assert.Equal(MemberState.Joining, _cluster.State.Find(Joiner.Id)!.State);
        Assert.Null(_cluster.State.NextValidators);
        Assert.Empty(_cluster.State.Proposals);

        _cluster.Run(Joiner, new MembershipCommand.Ready(new Height(1_999)));

        Assert.Contains(Joiner.Id, _cluster.NextVoters!);
        Assert.Equal(new Epoch(2), _cluster.State.NextValidators!.Epoch);
        _cluster.BeginEpoch();
        Assert.Equal(5, _cluster.State.Validators.Count);
        Assert.Null(_cluster.State.NextValidators);
    }

    [Fact]
    public void A_storage_node_is_admitted_by_more_than_f_validators_and_never_votes()
    {
        MembershipChange.Admit admit = new(Joiner.Request(NodeRoles.Storage));

        MembershipReply first = _cluster.Support(_cluster.Nodes[0], admit);
        MembershipReply second = _cluster.Support(_cluster.Nodes[1], admit);

        Assert.Equal((MembershipStatus.Counted, MembershipStatus.Done), (first.Status, second.Status));
        _cluster.Run(Joiner, new MembershipCommand.Ready(new Height(1_999)));
        Assert.Equal(MemberState.Up, _cluster.State.Find(Joiner.Id)!.State);
        Assert.Null(_cluster.State.NextValidators);
    }

    [Fact]
    public void An_operator_named_at_the_genesis_decides_alone_until_the_validators_name_others()
    {
        TestNode boss = new(90);
        TestCluster cluster = new(4, boss.Id);

        MembershipReply admitted = cluster.Support(boss, new MembershipChange.Admit(cluster.Nodes[10].Request()));
        cluster.Decide(new MembershipChange.SetOperators([]));
        MembershipReply later = cluster.Support(boss, new MembershipChange.Evict(cluster.Nodes[10].Id));

        Assert.Equal(MembershipStatus.Done, admitted.Status);
        Assert.Equal(MembershipStatus.NotAllowed, later.Status);
    }

    [Fact]
    public void Strangers_members_without_a_vote_and_evicted_validators_govern_nothing()
    {
        _cluster.Join(Joiner, NodeRoles.Storage);
        MembershipChange evict = new MembershipChange.Evict(_cluster.Nodes[0].Id);
        _cluster.Decide(new MembershipChange.Evict(_cluster.Nodes[3].Id));

        Assert.Equal(MembershipStatus.NotAllowed, _cluster.Support(new TestNode(99), evict).Status);
        Assert.Equal(MembershipStatus.NotAllowed, _cluster.Support(Joiner, evict).Status);
        Assert.Equal(MembershipStatus.NotAllowed, _cluster.Support(_cluster.Nodes[3], evict).Status);
        Assert.Equal(
            MembershipStatus.NotAllowed,
            _cluster.Run(new TestNode(99), new MembershipCommand.Ready(new Height(1_999))).Status);
    }

    [Fact]
    public void Nobody_is_admitted_unasked_or_with_keys_that_are_not_its_own()
    {
        byte[] signed = NodeRequest.EncodeSigned(Joiner.Key, Joiner.Request().Place, [], Joiner.Claim());
        byte[] otherCluster = FakeSignatures.Sign(Joiner.Key, signed, NodeRequest.SignatureContext(default));
        NodeRequest forged = NodeRequest.Assemble(signed, otherCluster);
        NodeRequest stolen = Joiner.Request(claim: _cluster.Nodes[20].Claim());

        MembershipReply unasked = _cluster.Support(_cluster.Nodes[0], new MembershipChange.Admit(forged));
        MembershipReply thief = _cluster.Support(_cluster.Nodes[0], new MembershipChange.Admit(stolen));
        MembershipReply twice = _cluster.Support(
            _cluster.Nodes[0], new MembershipChange.Admit(_cluster.Nodes[1].Request()));

        Assert.Equal(MembershipStatus.BadSignature, unasked.Status);
        Assert.Equal(MembershipStatus.BadSignature, thief.Status);
        Assert.Equal(MembershipStatus.AlreadyMember, twice.Status);
        Assert.Empty(_cluster.State.Proposals);
    }

    [Fact]
    public void Requests_and_claims_hold_with_true_signatures_and_no_flipped_bit()
    {
        SeededRandom random = new(4);
        using MlDsa65SigningKey node = MlDsa65SigningKey.Generate(random);
        using MlDsa65SigningKey voting = MlDsa65SigningKey.Generate(random);
        VotingKeyClaim claim = VotingKeyClaim.Assemble(1, voting.PublicKey, voting.Sign(
            VotingKeyClaim.EncodeSigned(node.Id, 1), VotingKeyClaim.SignatureContext(TestNode.Cluster), random));
        byte[] signed = NodeRequest.EncodeSigned(
            node.PublicKey.Span, new NodePlace(NodeRoles.Validator, "a", 1), ["h:1"], claim);
        NodeRequest request = NodeRequest.Assemble(
            signed, node.Sign(signed, NodeRequest.SignatureContext(TestNode.Cluster), random));

        Assert.True(request.Verify(TestNode.Cluster, MlDsa65Verifier.Instance));
        Assert.All(Hostile.BitFlips(request.Encoded.ToArray(), 997), bytes => Assert.False(
            NodeRequest.TryDecode(bytes, out NodeRequest? other)
            && other.Verify(TestNode.Cluster, MlDsa65Verifier.Instance)));
        Assert.False(request.Verify(Digest.Sha256([1]), MlDsa65Verifier.Instance));
    }

    [Fact]
    public void A_convicted_validator_is_gone_with_the_next_epoch_and_never_comes_back()
    {
        TestNode guilty = _cluster.Nodes[2];

        MembershipReply reply = _cluster.Run(new TestNode(99), new MembershipCommand.Accuse(guilty.Id.Value.ToArray()));
        MembershipReply nothing = _cluster.Run(new TestNode(99), new MembershipCommand.Accuse(new byte[3]));

        Assert.Equal((MembershipStatus.Done, MembershipStatus.NotProven), (reply.Status, nothing.Status));
        Assert.DoesNotContain(guilty.Id, _cluster.NextVoters!);
        _cluster.BeginEpoch();
        Assert.Equal(3, _cluster.State.Validators.Count);
        MembershipChange.Admit again = new(guilty.Request(claim: guilty.Claim(9)));
        Assert.Equal(MembershipStatus.Convicted, _cluster.Support(_cluster.Nodes[0], again).Status);
    }

    [Fact]
    public void Evidence_against_a_validator_of_the_last_epoch_still_counts()
    {
        _cluster.Decide(new MembershipChange.Evict(_cluster.Nodes[2].Id));
        _cluster.BeginEpoch();

        _cluster.Run(new TestNode(99), new MembershipCommand.Accuse(_cluster.Nodes[2].Id.Value.ToArray()));

        Assert.Equal(EvictionReason.Convicted, _cluster.State.Find(_cluster.Nodes[2].Id)!.Reason);
    }

    [Fact]
    public void An_evicted_node_comes_back_under_a_new_incarnation_only()
    {
        TestNode node = _cluster.Nodes[2];
        _cluster.Decide(new MembershipChange.Evict(node.Id));
        _cluster.BeginEpoch();

        MembershipReply old = _cluster.Support(_cluster.Nodes[0], new MembershipChange.Admit(node.Request()));
        _cluster.Decide(new MembershipChange.Admit(node.Request(claim: node.Claim(2))));

        Assert.Equal(MembershipStatus.Outdated, old.Status);
        Assert.Equal(MemberState.Joining, _cluster.State.Find(node.Id)!.State);
    }

    [Fact]
    public void A_voting_key_comes_into_force_with_the_next_epoch_and_not_before()
    {
        TestNode node = _cluster.Nodes[1];
        VotingKeyClaim claim = node.Claim(1, keyNumber: 5);

        MembershipReply announced = _cluster.Run(node, new MembershipCommand.AnnounceKey(claim));

        Assert.Equal(MembershipStatus.Done, announced.Status);
        Assert.Null(_cluster.State.NextValidators);
        _cluster.Decide(new MembershipChange.EndEpoch(new Epoch(1)));
        Assert.NotEqual(claim.Key.ToArray(), KeyOf(_cluster.State.Validators, node).ToArray());
        Assert.Equal(claim.Key.ToArray(), KeyOf(_cluster.State.NextValidators!, node).ToArray());
        Assert.Equal(
            MembershipStatus.Outdated,
            _cluster.Support(_cluster.Nodes[0], new MembershipChange.EndEpoch(new Epoch(7))).Status);
    }

    [Fact]
    public void A_node_that_lost_its_disk_votes_again_under_a_new_key_when_it_is_ready()
    {
        TestNode node = _cluster.Nodes[1];

        MembershipReply sameKey = _cluster.Run(node, new MembershipCommand.AnnounceKey(Relabel(node)));
        _cluster.Run(node, new MembershipCommand.AnnounceKey(node.Claim(2)));
        NodeId[]? early = _cluster.NextVoters;
        _cluster.Run(node, new MembershipCommand.Ready(new Height(1_999)));

        Assert.Equal(MembershipStatus.Outdated, sameKey.Status);
        Assert.Null(early);
        Assert.Equal(2u, _cluster.State.NextValidators!.Members.Single(v => v.Node == node.Id).Incarnation);
        Assert.Equal(
            MembershipStatus.Outdated, _cluster.Run(node, new MembershipCommand.AnnounceKey(node.Claim(1, 7))).Status);
    }

    [Fact]
    public void Another_nodes_voting_key_cannot_be_announced()
    {
        VotingKeyClaim other = _cluster.Nodes[2].Claim(1, keyNumber: 8);

        MembershipReply reply = _cluster.Run(_cluster.Nodes[1], new MembershipCommand.AnnounceKey(other));

        Assert.Equal(MembershipStatus.BadSignature, reply.Status);
    }

    [Fact]
    public void A_joiner_that_is_far_behind_is_not_ready()
    {
        _cluster.Decide(new MembershipChange.Admit(Joiner.Request()));

        MembershipReply behind = _cluster.Run(Joiner, new MembershipCommand.Ready(new Height(10)));
        MembershipReply ahead = _cluster.Run(Joiner, new MembershipCommand.Ready(new Height(9_999)));

        Assert.Equal((MembershipStatus.Outdated, MembershipStatus.Outdated), (behind.Status, ahead.Status));
        Assert.Equal(MemberState.Joining, _cluster.State.Find(Joiner.Id)!.State);
    }

    [Fact]
    public void A_node_leaves_in_two_steps()
    {
        _cluster.Join(Joiner, NodeRoles.Storage);

        _cluster.Run(Joiner, new MembershipCommand.Leave());
        MemberState draining = _cluster.State.Find(Joiner.Id)!.State;
        _cluster.Run(Joiner, new MembershipCommand.Leave());

        Assert.Equal(MemberState.Draining, draining);
        Assert.Equal(EvictionReason.Left, _cluster.State.Find(Joiner.Id)!.Reason);
    }

    [Fact]
    public void Open_changes_expire_and_one_validator_cannot_fill_the_list()
    {
        for (int i = 10; i < 26; i++)
        {
            _cluster.Support(_cluster.Nodes[0], new MembershipChange.Admit(_cluster.Nodes[i].Request()));
        }

        MembershipReply full = _cluster.Support(
            _cluster.Nodes[0], new MembershipChange.Admit(_cluster.Nodes[30].Request()));
        _cluster.Now += 8 * TimeSpan.TicksPerDay;
        MembershipReply later = _cluster.Support(
            _cluster.Nodes[0], new MembershipChange.Admit(_cluster.Nodes[30].Request()));

        Assert.Equal((MembershipStatus.Full, MembershipStatus.Counted), (full.Status, later.Status));
        Assert.Single(_cluster.State.Proposals);
    }

    [Fact]
    public void A_member_is_proved_under_the_root()
    {
        NodeId node = _cluster.Nodes[1].Id;
        Digest digest = _cluster.State.Find(node)!.ComputeDigest();
        MembershipOpening opening = _cluster.State.Opening;

        Assert.Equal(_cluster.State.Root, opening.Root);
        Assert.True(_cluster.State.Prove(node).VerifyPresence(node.Value, digest, opening.Members));
        Assert.True(_cluster.State.Prove(Joiner.Id).VerifyAbsence(Joiner.Id.Value, opening.Members));
    }

    [Fact]
    public void A_snapshot_restores_to_the_same_root_and_hostile_bytes_never_throw()
    {
        _cluster.Join(Joiner);
        _cluster.Support(_cluster.Nodes[0], new MembershipChange.Evict(_cluster.Nodes[1].Id));
        byte[] snapshot = _cluster.Snapshot();

        bool ok = _cluster.Machine.TryRestore(snapshot, out IMachineState? restored);

        Assert.True(ok);
        Assert.Equal(_cluster.State.Root, restored!.Root);
        foreach (byte[] bytes in Hostile.BitFlips(snapshot, 1_009).Concat(Hostile.Cuts(snapshot, 509)))
        {
            bool read = _cluster.Machine.TryRestore(bytes, out IMachineState? other);

            Assert.True(!read || other!.Root != restored.Root);
        }
    }

    [Fact]
    public void Hostile_payloads_are_refused_and_change_nothing()
    {
        MembershipCommand[] commands =
        [
            new MembershipCommand.Support(new MembershipChange.Admit(Joiner.Request())),
            new MembershipCommand.Support(new MembershipChange.SetOperators([Joiner.Id])),
            new MembershipCommand.Support(new MembershipChange.Move(Joiner.Id, Joiner.Request().Place)),
            new MembershipCommand.AnnounceKey(Joiner.Claim()),
            new MembershipCommand.Readdress(["host:1"]),
            new MembershipCommand.Accuse(new byte[40]),
        ];
        Digest root = _cluster.State.Root;
        SeededRandom random = new(8);

        foreach (byte[] payload in commands.Select(command => command.Encode()))
        {
            foreach (byte[] bytes in Hostile.Cuts(payload, 61).Concat(Hostile.Noise(payload, 200, random)))
            {
                _cluster.Run(new TestNode(99).Id, bytes);
            }
        }

        Assert.Equal(root, _cluster.State.Root);
    }

    private static ReadOnlyMemory<byte> KeyOf(ValidatorSet set, TestNode node) =>
        set.Members.Single(validator => validator.Node == node.Id).VotingKey;

    // The node's own key under a higher incarnation.
    private static VotingKeyClaim Relabel(TestNode node)
    {
        ReadOnlyMemory<byte> key = node.Claim().Key;
        return VotingKeyClaim.Assemble(2, key, FakeSignatures.Sign(
            key.Span, VotingKeyClaim.EncodeSigned(node.Id, 2), VotingKeyClaim.SignatureContext(TestNode.Cluster)));
    }
}
