using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Proofs;

namespace SigmaComms.Cluster.Tests.Control.Hosting;

/// <summary>What clients of the log may do and see.</summary>
public sealed class ClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_command_that_is_handed_in_again_through_another_node_gets_the_first_answer()
    {
        using var cluster = ControlCluster.Of(4);
        SimIdentity client = SimCluster.IdentityOf(500);
        CommandGroup group = cluster.GroupOf(client, 1, [7], [8]);
        ControlVerdict stranger = cluster.Order(cluster.Nodes[0], cluster.GroupOf(client, 1, [6]).Encoded)[0].Verdict;
        cluster.Vouch(cluster.Nodes[0], client);

        IReadOnlyList<CommandAnswer> first = cluster.Order(cluster.Nodes[0], group.Encoded);
        ulong height = cluster.StatusOf(cluster.Nodes[0]).Height.Value;
        cluster.Until(cluster.Agree);
        IReadOnlyList<CommandAnswer> again = cluster.Order(cluster.Nodes[2], group.Encoded);

        Assert.Equal(ControlVerdict.Stranger, stranger);
        Assert.Equal([CommandOutcome.Executed, CommandOutcome.Executed], first.Select(answer => answer.Outcome));
        Assert.Equal([CommandOutcome.Repeated, CommandOutcome.Repeated], again.Select(answer => answer.Outcome));
        Assert.Equal(first[1].Reply.ToArray(), again[1].Reply.ToArray());
        Assert.Equal(height, cluster.StatusOf(cluster.Nodes[2]).Height.Value);
    }

    [Fact]
    public void A_number_that_was_used_for_another_payload_is_refused()
    {
        using var cluster = ControlCluster.Of(4);
        SimIdentity client = cluster.Cluster.Operator;
        cluster.Order(cluster.Nodes[0], cluster.GroupOf(client, 1, [7]).Encoded);
        cluster.Until(cluster.Agree);

        CommandAnswer reused = cluster.Order(cluster.Nodes[3], cluster.GroupOf(client, 1, [9]).Encoded)[0];

        Assert.Equal(ControlVerdict.Final, reused.Verdict);
        Assert.Equal(CommandOutcome.SequenceReused, reused.Outcome);
        Assert.False(reused.IsExecuted);
    }

    [Fact]
    public void Commands_without_bytes_or_with_too_many_are_refused_before_they_are_ordered()
    {
        using var cluster = ControlCluster.Of(4);
        ControlLog log = cluster.Nodes[0].Node.Control!;

        CommandAnswer empty = Submit(cluster, []);
        CommandAnswer large = Submit(cluster, new byte[Command.PayloadSizeMax + 1]);
        CommandAnswer largest = Submit(cluster, new byte[Command.PayloadSizeMax]);
        CommandAnswer junk = cluster.Order(cluster.Nodes[0], new byte[10_000])[0];

        Assert.Equal(ControlVerdict.Malformed, empty.Verdict);
        Assert.Equal(ControlVerdict.Malformed, large.Verdict);
        Assert.True(largest.IsExecuted, largest.Detail);
        Assert.Equal(ControlVerdict.Malformed, junk.Verdict);
        Assert.Equal(1UL, log.Status().Height.Value);
    }

    [Fact]
    public void A_group_whose_signature_is_of_another_cluster_is_refused()
    {
        using var cluster = ControlCluster.Of(4);
        byte[] group = cluster.GroupOf(SimCluster.IdentityOf(500), 1, [7]).Encoded.ToArray();
        group[2_000] ^= 1;

        CommandAnswer answer = cluster.Order(cluster.Nodes[0], group)[0];

        Assert.Equal(ControlVerdict.BadSignature, answer.Verdict);
    }

    [Fact]
    public void A_stranger_whom_no_member_vouches_for_is_refused_with_the_reason_and_nothing_is_ordered_for_it()
    {
        using var cluster = ControlCluster.Of(4);

        CommandAnswer answer = cluster.Order(
            cluster.Nodes[0], cluster.GroupOf(SimCluster.IdentityOf(500), 1, [7]).Encoded)[0];

        Assert.Equal(ControlVerdict.Stranger, answer.Verdict);
        Assert.Contains("vouches", answer.Detail);
        Assert.False(answer.IsExecuted);
        Assert.All(cluster.Nodes, node => Assert.Equal(0UL, cluster.StatusOf(node).Height.Value));
    }

    [Fact]
    public void Who_was_vouched_for_a_moment_ago_is_no_stranger_on_a_node_that_has_not_heard_of_it()
    {
        using var cluster = ControlCluster.Of(4);
        for (int i = 0; i < 4; i++)
        {
            SimIdentity client = SimCluster.IdentityOf(500 + i);
            cluster.Vouch(cluster.Nodes[0], client);

            CommandAnswer answer = cluster.Order(cluster.Nodes[i], cluster.GroupOf(client, 1, [7]).Encoded)[0];

            Assert.True(answer.IsExecuted, $"{i}: {answer.Verdict} {answer.Detail}");
        }
    }

    [Fact]
    public void A_linearizable_read_through_any_node_sees_what_was_answered_before_it()
    {
        using var cluster = ControlCluster.Of(4);
        foreach (SimNode writer in cluster.Nodes)
        {
            CommandAnswer written = cluster.Order(writer, $"read-me-{writer.Number}:1");
            foreach (SimNode reader in cluster.Nodes)
            {
                ControlReading? reading = cluster.Cluster.Run(
                    () => reader.Node.Control!.ReadLinearizableAsync(Patience, CancellationToken.None));

                Assert.NotNull(reading);
                Assert.True(reading.Height >= written.Height);
            }
        }
    }

    [Fact]
    public void A_command_is_proved_to_who_knows_only_the_validators()
    {
        using var cluster = ControlCluster.Of(4);
        CommandAnswer answer = cluster.Order(cluster.Nodes[0], "proved:1");
        cluster.Order(cluster.Nodes[1], "later:1");
        cluster.Until(cluster.Agree);
        FinalityVerifier verifier = new(
            cluster.Genesis.Cluster, cluster.Genesis.Validators, MlDsa65Verifier.Instance);

        foreach (SimNode node in cluster.Nodes)
        {
            ProvenCommand? proven = cluster.Cluster.Run(() => node.Node.Control!.ProveAsync(
                answer.Client, answer.Sequence, answer.Height, Patience, CancellationToken.None));

            Assert.NotNull(proven);
            Assert.True(ClientProof.TryDecode(proven.Proof.Encode(), out ClientProof? proof));
            Assert.True(proof.Verify(proven.Command, verifier));
            Assert.False(proof.Verify(proven.Command with { Sequence = 77 }, verifier));
        }
    }

    [Fact]
    public void Final_blocks_are_told_in_order_to_who_follows_them()
    {
        using var cluster = ControlCluster.Of(4);
        using CancellationTokenSource end = new();
        IAsyncEnumerator<BlockFinal> blocks =
            cluster.Nodes[2].Node.Control!.WatchAsync(end.Token).GetAsyncEnumerator(end.Token);

        for (int i = 0; i < 3; i++)
        {
            cluster.Order(cluster.Nodes[0], $"told-{i}:1");
        }

        cluster.Until(cluster.Agree);
        for (ulong height = 1; height <= 3; height++)
        {
            Assert.True(cluster.Cluster.Await(blocks.MoveNextAsync().AsTask()));
            Assert.Equal(height, blocks.Current.Committed.Block.Header.Height.Value);
        }
    }

    private static CommandAnswer Submit(ControlCluster cluster, byte[] payload) => cluster.Cluster.Run(
        () => cluster.Nodes[0].Node.Control!.SubmitAsync(
            MachineIds.Membership, payload, Patience, CancellationToken.None));
}
