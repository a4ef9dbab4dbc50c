using SigmaComms.Actors.TestKit;
using SigmaComms.Actors.TestKit.Exploration;
using SigmaComms.Cluster.Telemetry;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence.InMemory;
using Xunit;

namespace SigmaComms.Cluster.Tests.Exploration;

/// <summary>
/// Real mailboxes on explored steps, with a journal and links in memory: whatever is next, no accepted message is
/// lost, and none comes back that was acknowledged.
/// </summary>
public sealed class MailboxExplorationTests : IDisposable
{
    private static readonly NodeId Device = SimCluster.IdentityOf(2_001).Id;
    private static readonly NodeId Other = SimCluster.IdentityOf(2_002).Id;

    private readonly NodeMeter _meter = new();

    public void Dispose() => _meter.Dispose();

    [Fact]
    public void A_mailbox_that_falls_asleep_in_the_middle_of_everything_loses_nothing_and_repeats_nothing()
    {
        Explorer explorer = new(SleepAsync);

        explorer.Check(runs: 60);
    }

    [Fact]
    public void A_mailbox_that_is_handed_over_while_it_is_read_and_filled_loses_nothing_and_repeats_nothing()
    {
        Explorer explorer = new(HandOverAsync);

        explorer.Check(runs: 60);
    }

    [Fact]
    public void A_mailbox_whose_disk_was_full_once_loses_nothing_and_repeats_nothing_after_a_restart()
    {
        Explorer explorer = new(DiskFullOnceAsync);

        explorer.Check(runs: 60);
    }

    // The seed says which append fails.
    private async Task DiskFullOnceAsync(TestSystem test)
    {
        InMemoryStore disk = new(test.Time);
        ExploredNode node = new(test, _meter, 1, [1], options => options.Copies = 1, disk);
        node.Store.RefusedAppend = 1 + (int)(test.Seed % 5);
        HashSet<Digest16> accepted = [];
        HashSet<Digest16> acknowledged = [];
        ExploredReader reader = new(id =>
        {
            if (id != SimClient.Id(1) && acknowledged.Add(id))
            {
                node.Acknowledge(Device, id);
            }
        });

        await Task.WhenAll(FillAsync([node], Device, [1, 2, 3], accepted), ReadAsync(node, reader));
        test.Advance(TimeSpan.FromSeconds(5));

        // The process ends, and another reads what the disk has.
        test.System.Stop(node.Mailboxes);
        test.RunUntilIdle();
        ExploredNode again = new(test, _meter, 1, [1], options => options.Copies = 1, disk.Reopen());
        ExploredReader second = new();
        await ReadAsync(again, second, stamp: 2);
        test.RunUntilIdle();
        Assert.Empty(second.Delivered.Intersect(acknowledged));
        Assert.Superset(accepted, new HashSet<Digest16>([.. acknowledged, .. second.Delivered]));
    }

    // One place for two mailboxes, so that each use of one puts the other to sleep; a reader comes and goes.
    private async Task SleepAsync(TestSystem test)
    {
        ExploredNode node = new(test, _meter, 1, [1], options =>
        {
            options.Copies = 1;
            options.MailboxActorsMax = 1;
        });
        HashSet<Digest16> accepted = [];
        ExploredReader reader = new(id => node.Acknowledge(Device, id));
        async Task ComeAndGoAsync()
        {
            await ReadAsync(node, reader);
            node.Local.Close(new CloseMailbox(Device, 1));
        }

        await Task.WhenAll(
            FillAsync([node], Device, [1, 2, 3], accepted),
            FillAsync([node], Other, [11, 12, 13], []),
            ComeAndGoAsync());
        test.Advance(TimeSpan.FromSeconds(5));

        // What the first reader has acknowledged must not come again.
        ExploredReader second = new();
        await ReadAsync(node, second, stamp: 2);
        test.RunUntilIdle();
        Assert.Equal(3, accepted.Count);
        Assert.Empty(second.Delivered.Intersect(reader.Delivered));
        Assert.Superset(accepted, new HashSet<Digest16>([.. reader.Delivered, .. second.Delivered]));
    }

    // Both nodes keep the mailbox; one of them has messages that the other has not, when they meet.
    private async Task HandOverAsync(TestSystem test)
    {
        ExploredNode one = new(test, _meter, 1, [1, 2]);
        ExploredNode two = new(test, _meter, 2, [1, 2]);
        HashSet<Digest16> accepted = [];
        await FillAsync([one], Device, [1, 2, 3], accepted);
        void Acknowledge(Digest16 id)
        {
            one.Acknowledge(Device, id);
            two.Acknowledge(Device, id);
        }

        ExploredReader reader = new(Acknowledge);
        ExploredNode.Link(one, two);
        async Task ChangeViewsAsync()
        {
            for (int i = 0; i < 3; i++)
            {
                one.TellView();
                two.TellView();
                await Task.Yield();
            }
        }

        await Task.WhenAll(
            FillAsync([one, two], Device, [4, 5], accepted),
            ReadAsync(two, reader),
            ChangeViewsAsync());
        test.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(reader.Delivered.Distinct(), reader.Delivered);
        Assert.Superset(accepted, new HashSet<Digest16>(reader.Delivered));
        foreach (ExploredNode node in new[] { one, two })
        {
            ExploredReader again = new();
            await ReadAsync(node, again, stamp: 2);
            test.RunUntilIdle();
            Assert.Empty(again.Delivered);
        }
    }

    // Every request has an answer: one that is lost would be told as a store that did not answer in time.
    private static async Task FillAsync(
        ExploredNode[] nodes, NodeId device, int[] numbers, HashSet<Digest16> accepted)
    {
        foreach (int number in numbers)
        {
            LinkMessage[] answers = await Task.WhenAll(nodes.Select(
                node => node.StoreAsync(device, number).AsTask()));
            Assert.DoesNotContain(answers, answer => answer is Refused refused
                && refused.Detail.Contains("did not answer", StringComparison.Ordinal));
            if (answers.All(answer => answer is Done))
            {
                accepted.Add(SimClient.Id(number));
            }
        }
    }

    // As a client's node does it: tries again until the mailbox is open.
    private static async Task ReadAsync(ExploredNode node, ExploredReader reader, ulong stamp = 1)
    {
        for (int i = 0; i < 10; i++)
        {
            if (await node.OpenAsync(Device, reader, stamp) is Done)
            {
                return;
            }
        }

        Assert.Fail("the mailbox could not be opened");
    }
}
