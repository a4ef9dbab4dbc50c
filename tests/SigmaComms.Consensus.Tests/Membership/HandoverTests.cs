using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Tests.Support;
using SigmaComms.Cryptography;
using Xunit.Abstractions;

namespace SigmaComms.Consensus.Tests.Membership;

public sealed class HandoverTests(ITestOutputHelper output)
{
    [Fact]
    public void A_validator_that_wishes_to_go_waits_until_the_cluster_bears_as_many_faults_without_it()
    {
        TestCluster cluster = new(4);
        TestNode leaver = cluster.Nodes[0];

        cluster.Run(leaver, new MembershipCommand.Leave());
        NodeId[]? alone = cluster.NextVoters;
        MembershipReply early = cluster.Run(leaver, new MembershipCommand.Leave());
        cluster.Join(cluster.Nodes[10]);
        cluster.BeginEpoch();
        NodeId[]? replaced = cluster.NextVoters;

        Assert.Null(alone);
        Assert.Equal(MembershipStatus.WrongState, early.Status);
        Assert.DoesNotContain(leaver.Id, replaced!);
        cluster.BeginEpoch();
        Assert.Equal(4, cluster.Voters.Length);
        Assert.Equal(MembershipStatus.Done, cluster.Run(leaver, new MembershipCommand.Leave()).Status);
        Assert.Equal(MemberState.Evicted, cluster.State.Find(leaver.Id)!.State);
    }

    [Fact]
    public void The_last_validator_never_goes()
    {
        TestCluster cluster = new(1);

        cluster.Decide(new MembershipChange.Evict(cluster.Nodes[0].Id));

        Assert.Null(cluster.NextVoters);
    }

    [Fact]
    public void Changes_beyond_f_wait_for_the_epochs_after()
    {
        TestCluster cluster = new(7);
        foreach (int number in new[] { 10, 11, 12 })
        {
            cluster.Decide(new MembershipChange.Admit(cluster.Nodes[number].Request()));
        }

        foreach (int number in new[] { 10, 11, 12 })
        {
            cluster.Run(cluster.Nodes[number], new MembershipCommand.Ready(new Height(1_999)));
        }

        int first = cluster.NextVoters!.Length;
        cluster.BeginEpoch();
        int second = cluster.NextVoters!.Length;
        cluster.BeginEpoch();

        Assert.Equal((8, 10), (first, second));
        Assert.Null(cluster.NextVoters);
    }

    [Fact]
    public void Once_chosen_the_next_validators_stay_whatever_happens_before_the_epoch_ends()
    {
        TestCluster cluster = new(4);
        cluster.Join(cluster.Nodes[10]);
        NodeId[] chosen = cluster.NextVoters!;

        cluster.Decide(new MembershipChange.Evict(cluster.Nodes[0].Id));

        Assert.Equal(chosen, cluster.NextVoters);
        cluster.BeginEpoch();
        Assert.DoesNotContain(cluster.Nodes[0].Id, cluster.NextVoters!);
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    [InlineData(24)]
    public void Whatever_is_commanded_every_hand_over_is_safe_live_and_small(ulong seed)
    {
        output.WriteLine($"seed {seed}");
        SeededRandom random = new(seed);
        TestCluster cluster = new(1 + random.Below(10), new TestNode(90).Id);
        int epochs = 0;
        NodeId[]? accused = null;
        for (int step = 0; step < 250; step++)
        {
            Command(cluster, random);
            accused ??= AccusedIfChosen(cluster);
            if (accused is null || random.Below(3) != 0)
            {
                continue;
            }

            ValidatorSet before = cluster.State.Validators;
            cluster.BeginEpoch();
            AssertSafe(before, cluster.State.Validators, accused);
            accused = AccusedIfChosen(cluster);
            epochs++;
        }

        output.WriteLine($"{epochs} epochs, {cluster.Voters.Length} voters");
        Assert.True(epochs > 5);
    }

    // At the moment the next validators are chosen; later some may be admitted again.
    private static NodeId[]? AccusedIfChosen(TestCluster cluster) => cluster.NextVoters is null ? null :
    [
        .. cluster.State.Members.Where(member => member.State == MemberState.Evicted || !member.Place.IsValidator)
            .Select(member => member.Node),
    ];

    // What the rule promises, computed anew from the two sets alone.
    private static void AssertSafe(ValidatorSet before, ValidatorSet after, NodeId[] accused)
    {
        NodeId[] old = [.. before.Members.Select(v => v.Node)];
        NodeId[] next = [.. after.Members.Select(v => v.Node)];
        NodeId[] removed = [.. old.Except(next)];
        int forced = removed.Count(accused.Contains);
        int renewed = before.Members.Join(after.Members, v => v.Node, v => v.Node, (a, b) => (a, b))
            .Count(pair => pair.a.Incarnation != pair.b.Incarnation);
        int faultyLeft = Math.Max(0, before.FaultsMax - forced);

        Assert.Equal(before.Epoch.Next, after.Epoch);
        Assert.True(removed.Length + next.Except(old).Count() + renewed <= Math.Max(1, before.FaultsMax));
        Assert.True(after.FaultsMax >= faultyLeft, "bears fewer faults than there may be");
        Assert.True(after.Count - faultyLeft >= after.Quorum, "the live ones are no quorum");
    }

    private static void Command(TestCluster cluster, SeededRandom random)
    {
        TestNode boss = new(90);
        TestNode node = cluster.Nodes[random.Below(20)];
        uint incarnation = (cluster.State.Find(node.Id)?.VotingKey?.Incarnation ?? 0) + 1;
        switch (random.Below(8))
        {
            case 0:
                cluster.Support(boss, new MembershipChange.Evict(node.Id));
                break;
            case 1 when random.Below(3) == 0:
                cluster.Run(boss, new MembershipCommand.Accuse(node.Id.Value.ToArray()));
                break;
            case 2:
                cluster.Run(node, new MembershipCommand.Leave());
                break;
            case 3:
                cluster.Run(node, new MembershipCommand.AnnounceKey(node.Claim(incarnation)));
                break;
            case 4:
                NodeRoles roles = random.Below(4) == 0 ? NodeRoles.Storage : NodeRoles.Validator;
                cluster.Support(boss, new MembershipChange.Move(node.Id, new NodePlace(roles, "", 1)));
                break;
            default:
                cluster.Support(boss, new MembershipChange.Admit(node.Request(claim: node.Claim(incarnation))));
                cluster.Run(node, new MembershipCommand.Ready(new Height(1_999)));
                break;
        }
    }
}
