using SigmaComms.Client.Tests.Support;
using SigmaComms.Messaging.Links;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Client.Tests;

/// <summary>Whole clients whose cluster damages, repeats and forgets, and whose disks lose conversations.</summary>
public sealed class RepairedConversationTests : ClusterTest
{
    [Fact]
    public async Task A_message_that_a_node_damages_once_arrives_once_and_in_order()
    {
        await BothOnlineAsync();
        await Clock.UntilAsync((await SendAsync(Alpha, "beta", "0")).Delivered, "delivered");
        int count = 0;
        Cluster.Tamper = (recipient, delivery) =>
            recipient == Beta.DeviceId && ++count == 2 ? Damaged(delivery) : delivery;

        MessageHandle[] handles =
        [
            await SendAsync(Alpha, "beta", "1"),
            await SendAsync(Alpha, "beta", "2"),
            await SendAsync(Alpha, "beta", "3"),
        ];
        await Clock.UntilAsync(Task.WhenAll(handles.Select(handle => handle.Delivered)), "all are delivered");

        await Beta.ReadsAsync("0", "1", "2", "3");
        Assert.Equal(0, Beta.Repeats);
    }

    [Fact]
    public async Task A_used_bundle_from_a_node_delays_the_first_message_and_does_not_lose_it()
    {
        await BothOnlineAsync();
        await using var gamma = new TestPeer("gamma", 556, Cluster, Clock, 2);
        await gamma.OpenAsync();
        await gamma.OnlineAsync();
        await Clock.UntilAsync((await SendAsync(gamma, "beta", "uses it")).Delivered, "delivered");
        Cluster.RepeatsBundle = true;

        MessageHandle handle = await SendAsync(Alpha, "beta", "with a used one");
        await Clock.UntilAsync(handle.Delivered, "delivered");

        await Beta.ReadsAsync("uses it", "with a used one");
    }

    [Fact]
    public async Task A_client_whose_disk_lost_its_conversations_receives_and_sends_again_and_users_are_told()
    {
        await BothOnlineAsync();
        for (int i = 0; i < 5; i++)
        {
            await Clock.UntilAsync((await SendAsync(Alpha, "beta", $"a{i}")).Delivered, "delivered");
            await Clock.UntilAsync((await SendAsync(Beta, "alpha", $"b{i}")).Delivered, "delivered");
        }

        await Beta.CrashAsync();
        await Beta.LoseConversationsAsync();
        await Beta.OpenAsync();
        await Beta.OnlineAsync();
        MessageHandle toBeta = await SendAsync(Alpha, "beta", "do you hear me?");
        await Clock.UntilAsync(toBeta.Delivered, "delivered to who forgot");
        MessageHandle toAlpha = await SendAsync(Beta, "alpha", "I do");
        await Clock.UntilAsync(toAlpha.Delivered, "delivered from who forgot");

        await Clock.UntilAsync(() => Beta.Texts[^1] == "do you hear me?", "read by who forgot");
        await Clock.UntilAsync(() => Alpha.Texts[^1] == "I do", "read from who forgot");
        Assert.Contains(Alpha.Events, e => e.Kind == ClientEventKind.HistoryLost && e.Subject == "beta");
        Assert.Contains(Beta.Events, e => e.Kind == ClientEventKind.HistoryLost && e.Subject == "alpha");
    }

    [Fact]
    public async Task A_replay_of_many_old_ciphertexts_causes_a_few_deposits_and_messages_still_pass()
    {
        await BothOnlineAsync();
        for (int i = 0; i < 20; i++)
        {
            await Clock.UntilAsync((await SendAsync(Alpha, "beta", $"{i}")).Delivered, "delivered");
        }

        int before = Cluster.Deposits;
        await Clock.UntilAsync(Cluster.ReplayAsync(Beta.DeviceId, 1_500), "all are pushed");
        await Clock.PassAsync(TimeSpan.FromMinutes(1));
        int caused = Cluster.Deposits - before;
        MessageHandle handle = await SendAsync(Alpha, "beta", "still here");
        await Clock.UntilAsync(handle.Delivered, "delivered");

        Assert.InRange(caused, 1, 8);
        Assert.Equal(21, (await Beta.ItemsAsync(21)).Count);
        Assert.Equal(0, Beta.Repeats);
    }

    [Fact]
    public async Task A_message_far_ahead_after_a_forged_one_is_taken_when_the_pause_is_over()
    {
        await BothOnlineAsync();
        await Clock.UntilAsync((await SendAsync(Alpha, "beta", "0")).Delivered, "delivered");
        int lost = SessionLimits.NearJumpMax + 10;
        int count = 0;
        DateTimeOffset forged = default;
        Cluster.Tamper = (recipient, delivery) =>
        {
            if (recipient != Beta.DeviceId || ++count > lost + 1)
            {
                return delivery;
            }

            forged = Clock.Time.GetUtcNow();
            return count <= lost ? null : Damaged(delivery);
        };
        Task<MessageHandle>[] sending =
            [.. Enumerable.Range(1, lost + 1).Select(i => Alpha.Client.SendTextAsync("beta", $"{i}", default))];
        MessageHandle[] handles = await Clock.UntilAsync(Task.WhenAll(sending), "all are stored");
        await Clock.UntilAsync(handles[^1].Accepted, "all but the last are lost, and that is forged");

        MessageHandle far = await SendAsync(Alpha, "beta", "far ahead");
        await Clock.UntilAsync(far.Delivered, "delivered");

        Assert.InRange(Clock.Time.GetUtcNow() - forged, SessionLimits.FarJumpPause, SessionLimits.FarJumpPause * 2);
        IReadOnlyList<InboundItem> items = await Beta.ItemsAsync(lost + 3);
        Assert.Equal(lost + 3, items.Count);
        Assert.Equal("far ahead", items[^1].Text);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task A_first_message_is_stored_though_the_journal_did_not_confirm_once(int at)
    {
        await Beta.OpenAsync();
        await Beta.OnlineAsync();
        await Alpha.OpenAsync(Alpha.JournalThat(at, storeFirst: false, dies: false));
        await Alpha.OnlineAsync();

        await Clock.UntilAsync(
            async () =>
            {
                try
                {
                    return await Alpha.Client.SafetyNumberAsync("beta", default) is not null;
                }
                catch (ClientException)
                {
                    // The fault struck the contacts, which say so; the user tries again.
                    return false;
                }
            },
            "beta is known");
        MessageHandle handle = await SendAsync(Alpha, "beta", "hello");
        await Clock.UntilAsync(handle.Delivered, "delivered");

        await Beta.ReadsAsync("hello");
    }

    [Fact]
    public async Task What_waits_for_a_bundle_goes_first_once_the_peer_has_begun_a_session()
    {
        await BothOnlineAsync();
        await Clock.UntilAsync(Alpha.Client.SafetyNumberAsync("beta", default), "beta is known");
        Cluster.Tamper = (recipient, delivery) => recipient == Alpha.DeviceId ? null : delivery;
        await Clock.UntilAsync((await SendAsync(Beta, "alpha", "begins")).Accepted, "on its way");
        Cluster.Tamper = static (_, delivery) => delivery;
        Cluster.HoldsBundles = true;
        Task<MessageHandle> first = Alpha.Client.SendTextAsync("beta", "1", default);
        await Clock.PassAsync(TimeSpan.FromSeconds(1));
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Alpha.Journal.Held = held;
        await Clock.UntilAsync(Cluster.ReplayAsync(Alpha.DeviceId, 1), "it arrives late");
        await Clock.PassAsync(TimeSpan.FromSeconds(1));
        Task<MessageHandle> second = Alpha.Client.SendTextAsync("beta", "2", default);
        await Clock.PassAsync(TimeSpan.FromSeconds(1));
        bool early = first.IsCompleted || second.IsCompleted;

        Alpha.Journal.Held = null;
        held.SetResult();
        await Clock.UntilAsync(Task.WhenAll(first, second), "both are stored");
        await Clock.UntilAsync((await second).Delivered, "delivered");

        Assert.False(early);
        await Beta.ReadsAsync("1", "2");
        await Alpha.ReadsAsync("begins");
    }

    private static Delivery Damaged(Delivery delivery)
    {
        byte[] blob = delivery.Blob.ToArray();
        blob[^1] ^= 1;
        return delivery with { Blob = blob };
    }
}
