using SigmaComms.Client.Contacts;
using SigmaComms.Client.Sessions;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Tests;

/// <summary>Who nobody vouches for keeps nobody else away, and who is honest gets through a lying node.</summary>
public sealed class StrangerTests : ClusterTest
{
    private readonly SeededRandom _random = new(31);

    [Fact]
    public async Task Blobs_that_no_client_makes_leave_the_mailbox_at_once()
    {
        await BothOnlineAsync();
        for (int i = 0; i < 300; i++)
        {
            await Clock.UntilAsync(
                Cluster.InjectAsync(Beta.DeviceId, Alpha.DeviceId, _random.Bytes(i % 40)), "pushed");
        }

        await Clock.UntilAsync(() => Cluster.Waiting(Beta.DeviceId) == 0, "the mailbox is empty");
        MessageHandle handle = await SendAsync(Alpha, "beta", "after the flood");
        await Clock.UntilAsync(handle.Delivered, "delivered");

        await Beta.ReadsAsync("after the flood");
    }

    [Fact]
    public async Task Messages_of_accounts_that_do_not_exist_leave_after_two_nodes_and_a_minute_and_stop_nobody()
    {
        await BothOnlineAsync();
        for (int i = 0; i < 300; i++)
        {
            byte[] blob = InboundMessage.Frame(new NodeId(Digest.Sha256(BitConverter.GetBytes(i))), _random.Bytes(50));
            await Clock.UntilAsync(
                Cluster.InjectAsync(Beta.DeviceId, new NodeId(Digest.Sha256(blob)), blob), "pushed");
        }

        MessageHandle handle = await SendAsync(Alpha, "beta", "through the flood");
        await Clock.UntilAsync(handle.Delivered, "delivered");
        int waitingMeanwhile = Cluster.Waiting(Beta.DeviceId);
        await Clock.UntilAsync(() => Cluster.Waiting(Beta.DeviceId) == 0, "the mailbox is empty");

        Assert.InRange(waitingMeanwhile, 0, WaitingRoom.MessagesMax + WaitingRoom.PostponedMax);
        await Beta.ReadsAsync("through the flood");
    }

    [Fact]
    public async Task A_burst_of_somebody_new_is_delivered_as_soon_as_a_node_vouches_for_the_sender()
    {
        await BothOnlineAsync();
        await Clock.UntilAsync(Alpha.Client.GetIdentityAsync("beta", default), "alpha knows beta");
        Occupy(true);
        List<MessageHandle> handles = [];
        for (int i = 0; i < 200; i++)
        {
            handles.Add(await SendAsync(Alpha, "beta", $"message {i}"));
        }

        await Clock.UntilAsync(
            Task.WhenAll(handles.Select(handle => handle.Accepted)), "the cluster has them");
        await Clock.PassAsync(TimeSpan.FromSeconds(5));
        DateTimeOffset vouched = Clock.Time.GetUtcNow();
        Occupy(false);
        await Clock.UntilAsync(Task.WhenAll(handles.Select(handle => handle.Delivered)), "delivered");
        TimeSpan took = Clock.Time.GetUtcNow() - vouched;

        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        await Beta.ReadsAsync([.. Enumerable.Range(0, 200).Select(i => $"message {i}")]);
    }

    [Fact]
    public async Task A_node_that_denies_an_honest_sender_is_not_believed()
    {
        await BothOnlineAsync();
        ClientStatus status = await Clock.UntilAsync(Beta.Client.GetStatusAsync(default), "status");
        Cluster.Nodes.Single(node => node.Endpoint == status.Endpoint).DeniesAccounts = true;

        MessageHandle handle = await SendAsync(Alpha, "beta", "I exist");
        await Clock.UntilAsync(handle.Delivered, "delivered");

        await Beta.ReadsAsync("I exist");
    }

    [Fact]
    public async Task A_stranger_does_not_get_a_name_by_signing_a_record_for_it()
    {
        await BothOnlineAsync();
        var gamma = new TestAccount("gamma", 990);
        Cluster.Rebind(gamma.Record);
        var impostor = new TestAccount("gamma", 991);
        ClientStatus status = await Clock.UntilAsync(Beta.Client.GetStatusAsync(default), "status");
        Cluster.Nodes.Single(node => node.Endpoint == status.Endpoint).LiesWith = impostor.Record;
        byte[] blob = InboundMessage.Frame(impostor.Record.AccountId, _random.Bytes(200));

        await Clock.UntilAsync(Cluster.InjectAsync(Beta.DeviceId, impostor.Device.DeviceId, blob), "pushed");
        await Clock.UntilAsync(() => Cluster.Waiting(Beta.DeviceId) == 0, "dismissed");
        status = await Clock.UntilAsync(Beta.Client.GetStatusAsync(default), "status");

        Assert.DoesNotContain(status.Contacts, contact => contact.Name == "gamma");
    }

    [Fact]
    public async Task Nobody_gets_the_own_name()
    {
        await BothOnlineAsync();
        var impostor = new TestAccount("beta", 992);
        foreach (FakeNode node in Cluster.Nodes)
        {
            node.LiesWith = impostor.Record;
        }

        byte[] blob = InboundMessage.Frame(impostor.Record.AccountId, _random.Bytes(200));
        await Clock.UntilAsync(Cluster.InjectAsync(Beta.DeviceId, impostor.Device.DeviceId, blob), "pushed");
        await Clock.UntilAsync(() => Cluster.Waiting(Beta.DeviceId) == 0, "dismissed");
        ClientStatus status = await Clock.UntilAsync(Beta.Client.GetStatusAsync(default), "status");

        Assert.DoesNotContain(status.Contacts, contact => contact.Name == "beta");
    }

    [Fact]
    public async Task A_claim_of_one_lying_node_is_over_when_the_directory_does_not_repeat_it()
    {
        await BothOnlineAsync();
        await Clock.UntilAsync((await SendAsync(Alpha, "beta", "1")).Delivered, "delivered");
        FakeNode liar = Cluster.Nodes[0];
        liar.LiesWith = new TestAccount("beta", 993).Record;
        await Clock.PassAsync(TimeSpan.FromMinutes(11));
        ClientException blocked = await FailAsync(() => Alpha.Client.SendTextAsync("beta", "2", default));

        liar.LiesWith = null;
        await Clock.PassAsync(TimeSpan.FromMinutes(11));
        MessageHandle handle = await SendAsync(Alpha, "beta", "3");
        await Clock.UntilAsync(handle.Delivered, "delivered");

        Assert.Equal(ClientFailure.IdentityChanged, blocked.Reason);
        await Beta.ReadsAsync("1", "3");
    }

    [Fact]
    public async Task A_rejected_account_stops_nothing_any_more()
    {
        await BothOnlineAsync();
        await Clock.UntilAsync((await SendAsync(Alpha, "beta", "1")).Delivered, "delivered");
        Cluster.Rebind(new TestAccount("beta", 994).Record);
        await Clock.PassAsync(TimeSpan.FromMinutes(11));
        await FailAsync(() => Alpha.Client.SendTextAsync("beta", "2", default));
        PeerIdentity shown = await Clock.UntilAsync(Alpha.Client.GetIdentityAsync("beta", default), "identity");

        await Clock.UntilAsync(Alpha.Client.RejectIdentityAsync(shown, default), "rejected");
        MessageHandle handle = await SendAsync(Alpha, "beta", "3");
        await Clock.UntilAsync(handle.Delivered, "delivered");

        Assert.Equal(IdentityChange.Account, shown.Change);
        await Beta.ReadsAsync("1", "3");
    }

    [Fact]
    public async Task A_device_with_another_identity_key_is_blocked_until_the_user_accepts_exactly_that()
    {
        await BothOnlineAsync();
        await Clock.UntilAsync((await SendAsync(Alpha, "beta", "1")).Delivered, "delivered");
        await Clock.UntilAsync((await SendAsync(Beta, "alpha", "2")).Delivered, "delivered");
        await Beta.CloseAsync();
        await using var renewed = new TestPeer(Beta.Account.Renewed(2, 995), Cluster, Clock, 2);
        await renewed.OpenAsync();
        await renewed.OnlineAsync();

        MessageHandle handle = await SendAsync(renewed, "alpha", "it is me");
        await Clock.UntilAsync(() => Alpha.Events.Any(e => e.Kind == ClientEventKind.IdentityChanged), "noticed");
        string[] before = [.. (await Alpha.ItemsAsync(1)).Select(item => item.Text!)];
        ClientException blocked = await FailAsync(() => Alpha.Client.SendTextAsync("beta", "is it?", default));
        PeerIdentity shown = await Clock.UntilAsync(Alpha.Client.GetIdentityAsync("beta", default), "identity");
        ClientException swapped = await FailAsync(() => Alpha.Client.AcceptIdentityAsync(
            shown with { Shown = Digest.Sha256(Beta.Account.Record.Encoded.Span) }, default));
        await Clock.UntilAsync(Alpha.Client.AcceptIdentityAsync(shown, default), "accepted");
        await Clock.UntilAsync(handle.Delivered, "delivered");
        await Clock.UntilAsync((await SendAsync(Alpha, "beta", "so it is")).Delivered, "delivered");

        Assert.Equal((IdentityChange.Device, ClientFailure.IdentityChanged), (shown.Change, blocked.Reason));
        Assert.Equal(ClientFailure.UnknownRecipient, swapped.Reason);
        Assert.Equal(["2"], before);
        await Alpha.ReadsAsync("2", "it is me");
        await renewed.ReadsAsync("so it is");
    }

    private void Occupy(bool all)
    {
        foreach (FakeNode node in Cluster.Nodes)
        {
            node.IsBusy = all;
        }
    }
}
