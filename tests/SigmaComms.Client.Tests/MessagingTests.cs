using SigmaComms.Client.Contacts;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Tests;

public sealed class MessagingTests : ClusterTest
{
    [Fact]
    public async Task A_text_arrives_and_the_sender_learns_of_each_step()
    {
        await BothOnlineAsync();

        MessageHandle handle = await SendAsync(Alpha, "beta", "hello");
        await Clock.UntilAsync(handle.Accepted, "accepted");
        await Clock.UntilAsync(handle.Delivered, "delivered");

        InboundItem item = Assert.Single(await Beta.ItemsAsync(1));
        Assert.Equal(("alpha", "hello", handle.Id, 1ul), (item.From, item.Text, item.Id, item.Counter));
        await Clock.UntilAsync(() => Cluster.Waiting(Beta.DeviceId) == 0, "the mailbox is empty");
    }

    [Fact]
    public async Task Many_messages_both_ways_at_once_arrive_in_order()
    {
        await BothOnlineAsync();
        var handles = new List<Task<MessageHandle>>();

        for (int i = 0; i < 150; i++)
        {
            handles.Add(Alpha.Client.SendTextAsync("beta", $"a{i}", CancellationToken.None));
            handles.Add(Beta.Client.SendTextAsync("alpha", $"b{i}", CancellationToken.None));
        }

        MessageHandle[] stored = await Clock.UntilAsync(Task.WhenAll(handles), "all are stored");
        await Clock.UntilAsync(Task.WhenAll(stored.Select(handle => handle.Delivered)), "all are delivered");

        await Beta.ReadsAsync(Enumerable.Range(0, 150).Select(i => $"a{i}"));
        await Alpha.ReadsAsync(Enumerable.Range(0, 150).Select(i => $"b{i}"));
        Assert.Equal((0, 0), (Alpha.Repeats, Beta.Repeats));
        Assert.True(Alpha.Journal.Appends < 300, $"{Alpha.Journal.Appends} commits for 300 messages: no batching");
    }

    [Fact]
    public async Task What_is_sent_to_somebody_away_arrives_when_he_comes_back()
    {
        await BothOnlineAsync();
        await Beta.CloseAsync();

        MessageHandle[] handles = [await SendAsync(Alpha, "beta", "1"), await SendAsync(Alpha, "beta", "2")];
        await Clock.UntilAsync(handles[1].Accepted, "accepted");
        await Beta.OpenAsync();
        await Clock.UntilAsync(handles[1].Delivered, "delivered");

        await Beta.ReadsAsync("1", "2");
    }

    [Fact]
    public async Task A_client_that_is_told_to_slow_down_waits_as_long_as_it_is_told_and_asks_once()
    {
        await BothOnlineAsync();
        await Clock.UntilAsync((await SendAsync(Alpha, "beta", "0")).Delivered, "delivered");
        Cluster.Faults.TooFastUntil = Clock.Time.GetUtcNow().AddSeconds(20);

        MessageHandle handle = await SendAsync(Alpha, "beta", "1");
        await Clock.UntilAsync(handle.Delivered, "delivered");

        Assert.True(Clock.Time.GetUtcNow() >= Cluster.Faults.TooFastUntil);
        Assert.Equal(1, Cluster.TooFastAnswers);
        await Beta.ReadsAsync("0", "1");
    }

    [Fact]
    public async Task A_message_that_is_refused_for_now_leaves_soon_after_the_cluster_takes_it_again()
    {
        await BothOnlineAsync();
        await Clock.UntilAsync((await SendAsync(Alpha, "beta", "0")).Delivered, "delivered");
        Cluster.Faults.RefuseNext = 12;
        DateTimeOffset start = Clock.Time.GetUtcNow();

        MessageHandle handle = await SendAsync(Alpha, "beta", "1");
        await Clock.UntilAsync(handle.Accepted, "accepted");

        // Twelve equal pauses are 2.4 s; pauses that double from the first would be 41 s.
        TimeSpan took = Clock.Time.GetUtcNow() - start;
        Assert.InRange(took, TimeSpan.FromSeconds(2.4), TimeSpan.FromSeconds(10));
        Assert.Equal(0, Cluster.Faults.RefuseNext);
    }

    [Fact]
    public async Task What_is_sent_without_a_link_leaves_when_there_is_one()
    {
        await BothOnlineAsync();
        await Clock.UntilAsync((await SendAsync(Alpha, "beta", "0")).Delivered, "delivered");
        foreach (FakeNode node in Cluster.Nodes)
        {
            Cluster.Kill(node);
        }

        await Clock.UntilAsync(() => Alpha.Events.Any(e => e.Kind == ClientEventKind.Disconnected), "it is noticed");
        MessageHandle handle = await SendAsync(Alpha, "beta", "1");
        Cluster.Nodes[2].IsDown = false;
        await Clock.UntilAsync(handle.Delivered, "delivered");

        await Beta.ReadsAsync("0", "1");
        Assert.Contains(Alpha.Events, e => e.Kind == ClientEventKind.FailedOver && e.Subject == "n3");
    }

    [Fact]
    public async Task An_empty_text_arrives_and_one_over_the_limit_is_refused_with_advice()
    {
        await BothOnlineAsync();

        MessageHandle empty = await SendAsync(Alpha, "beta", "");
        await Clock.UntilAsync(empty.Delivered, "delivered");
        ClientException failure = await Assert.ThrowsAsync<ClientException>(
            () => Alpha.Client.SendTextAsync("beta", new string('x', MessagingClient.TextMaxBytes + 1), default));

        await Beta.ReadsAsync("");
        Assert.Equal(ClientFailure.TooLarge, failure.Reason);
        Assert.Contains("file", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_longest_text_arrives()
    {
        await BothOnlineAsync();
        string longest = new('ä', MessagingClient.TextMaxBytes / 2);

        MessageHandle handle = await SendAsync(Alpha, "beta", longest);
        await Clock.UntilAsync(handle.Delivered, "delivered");

        await Beta.ReadsAsync(longest);
    }

    [Theory]
    [InlineData("nobody", ClientFailure.UnknownRecipient)]
    [InlineData("Not A Name", ClientFailure.InvalidName)]
    [InlineData("alpha", ClientFailure.InvalidName)]
    public async Task A_recipient_that_is_none_is_a_clear_error(string to, ClientFailure reason)
    {
        await BothOnlineAsync();

        ClientException failure = await FailAsync(() => Alpha.Client.SendTextAsync(to, "x", default));

        Assert.Equal(reason, failure.Reason);
    }

    [Fact]
    public async Task Without_any_node_an_unknown_recipient_cannot_be_looked_up_and_that_is_said_in_time()
    {
        await Alpha.OpenAsync(change: options => options.Cluster = options.Cluster with { Endpoints = ["gone:1"] });

        ClientException failure = await FailAsync(() => Alpha.Client.SendTextAsync("beta", "x", default));

        Assert.Equal(ClientFailure.Unavailable, failure.Reason);
        Assert.Contains("gone:1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_directory_has_no_one_time_keys_left_the_last_resort_key_serves_and_more_are_made()
    {
        await BothOnlineAsync();
        Cluster.DropOneTime(Beta.DeviceId);

        MessageHandle handle = await SendAsync(Alpha, "beta", "last resort");
        await Clock.UntilAsync(handle.Delivered, "delivered");
        await Clock.UntilAsync(() => Cluster.OneTimeLeft(Beta.DeviceId) >= 4, "more prekeys are published");

        Assert.Equal(1, Cluster.LastResortHandedOut);
        await Beta.ReadsAsync("last resort");
    }

    [Fact]
    public async Task An_item_that_was_not_marked_comes_again_after_a_restart_and_a_marked_one_does_not()
    {
        await BothOnlineAsync();
        MessageHandle first = await SendAsync(Alpha, "beta", "marked");
        await Clock.UntilAsync(first.Delivered, "delivered");
        await Clock.UntilAsync(
            async () => (await Beta.Client.GetStatusAsync(default)).Unmarked == 0, "the mark is durable");
        Beta.Marks = false;
        MessageHandle second = await SendAsync(Alpha, "beta", "unmarked");
        await Clock.UntilAsync(second.Delivered, "delivered");
        await Clock.UntilAsync(() => Beta.Items.Count == 2, "read");

        await Beta.CrashAsync();
        Beta.Marks = true;
        await Beta.OpenAsync();
        await Clock.UntilAsync(() => Beta.Repeats == 1, "it comes again");

        await Beta.ReadsAsync("marked", "unmarked");
        Assert.Equal(1, Beta.Repeats);
    }

    [Fact]
    public async Task Safety_numbers_are_equal_on_both_sides()
    {
        await BothOnlineAsync();

        string seenByAlpha = await Clock.UntilAsync(Alpha.Client.SafetyNumberAsync("beta", default), "number");
        string seenByBeta = await Clock.UntilAsync(Beta.Client.SafetyNumberAsync("alpha", default), "number");

        Assert.Equal(seenByAlpha, seenByBeta);
        Assert.Equal(60, seenByAlpha.Count(char.IsAsciiDigit));
    }

    [Fact]
    public async Task A_changed_identity_stops_sending_until_it_is_accepted()
    {
        await BothOnlineAsync();
        MessageHandle before = await SendAsync(Alpha, "beta", "to the first beta");
        await Clock.UntilAsync(before.Delivered, "delivered");
        string numberBefore = await Clock.UntilAsync(Alpha.Client.SafetyNumberAsync("beta", default), "number");
        await using var second = new TestPeer("beta", 555, Cluster, Clock, 2);
        Cluster.Rebind(second.Account.Record);
        await second.OpenAsync();
        await second.OnlineAsync();
        await Clock.PassAsync(TimeSpan.FromMinutes(11));

        ClientException failure = await FailAsync(() => Alpha.Client.SendTextAsync("beta", "secret", default));
        string numberAfter = await Clock.UntilAsync(Alpha.Client.SafetyNumberAsync("beta", default), "number");
        PeerIdentity shown = await Clock.UntilAsync(Alpha.Client.GetIdentityAsync("beta", default), "identity");
        await Clock.UntilAsync(Alpha.Client.AcceptIdentityAsync(shown, default), "accepted");
        MessageHandle after = await SendAsync(Alpha, "beta", "to the second beta");
        await Clock.UntilAsync(after.Delivered, "delivered");

        Assert.Equal(ClientFailure.IdentityChanged, failure.Reason);
        Assert.NotEqual(numberBefore, numberAfter);
        Assert.Contains(Alpha.Events, e => e.Kind == ClientEventKind.IdentityChanged && e.Subject == "beta");
        await Beta.ReadsAsync("to the first beta");
        await second.ReadsAsync("to the second beta");
    }

    [Fact]
    public async Task Messages_of_a_changed_identity_wait_in_the_mailbox_until_it_is_accepted()
    {
        await BothOnlineAsync();
        await Clock.UntilAsync((await SendAsync(Beta, "alpha", "first")).Delivered, "delivered");
        await using var second = new TestPeer("beta", 556, Cluster, Clock, 2);
        Cluster.Rebind(second.Account.Record);
        await second.OpenAsync();
        await second.OnlineAsync();

        MessageHandle handle = await SendAsync(second, "alpha", "who am I?");
        await Clock.UntilAsync(() => Alpha.Events.Any(e => e.Kind == ClientEventKind.IdentityChanged), "noticed");
        int waiting = Cluster.Waiting(Alpha.DeviceId);
        string[] before = [.. (await Alpha.ItemsAsync(1)).Select(item => item.Text!)];
        PeerIdentity shown = await Clock.UntilAsync(Alpha.Client.GetIdentityAsync("beta", default), "identity");
        await Clock.UntilAsync(Alpha.Client.AcceptIdentityAsync(shown, default), "accepted");
        await Clock.UntilAsync(handle.Delivered, "delivered");

        Assert.Equal(1, waiting);
        Assert.Equal(["first"], before);
        await Alpha.ReadsAsync("first", "who am I?");
    }

    [Fact]
    public async Task Accepting_when_nothing_changed_is_a_clear_error()
    {
        await BothOnlineAsync();

        PeerIdentity shown = await Clock.UntilAsync(Alpha.Client.GetIdentityAsync("beta", default), "identity");

        ClientException failure = await FailAsync(() => Alpha.Client.AcceptIdentityAsync(shown, default));

        Assert.Equal(ClientFailure.UnknownRecipient, failure.Reason);
    }

    [Fact]
    public async Task A_name_that_another_key_has_is_refused_at_publishing()
    {
        await BothOnlineAsync();
        await using var thief = new TestPeer("beta", 557, Cluster, Clock);
        await thief.OpenAsync();

        ClientException failure = await FailAsync(() => thief.Client.Published);

        Assert.Equal(ClientFailure.Refused, failure.Reason);
        Assert.Contains(nameof(RefusalReason.NameTaken), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_tells_node_handshake_and_counts()
    {
        await BothOnlineAsync();
        await Clock.UntilAsync((await SendAsync(Alpha, "beta", "1")).Delivered, "delivered");

        ClientStatus status = await Clock.UntilAsync(Alpha.Client.GetStatusAsync(default), "status");

        Assert.Equal(("alpha", "n1", "n1:1"), (status.Name, status.NodeName, status.Endpoint));
        Assert.Equal((1L, 1L, 1L, 0), (status.Sent, status.Accepted, status.Delivered, status.Undelivered));
        Assert.NotNull(status.Handshake);
        Assert.Equal("beta", Assert.Single(status.Contacts).Name);
    }

    [Fact]
    public async Task After_closing_every_call_says_so()
    {
        await Alpha.OpenAsync();
        await Alpha.CloseAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => Alpha.Client.SendTextAsync("beta", "x", default));
        await Alpha.Client.DisposeAsync();
    }
}
