using SigmaComms.Client.Tests.Support;

namespace SigmaComms.Client.Tests;

/// <summary>The disk of a client fills up and gets room again.</summary>
public sealed class DiskTests : ClusterTest
{
    [Fact]
    public async Task While_the_disk_is_full_sending_fails_clearly_and_afterwards_it_works_again()
    {
        await BothOnlineAsync();
        await Clock.UntilAsync((await SendAsync(Alpha, "beta", "before")).Delivered, "delivered");

        Alpha.Journal.IsFull = true;
        ClientException failure = await FailAsync(() => Alpha.Client.SendTextAsync("beta", "while", default));
        Alpha.Journal.IsFull = false;
        MessageHandle after = await SendAsync(Alpha, "beta", "after");
        await Clock.UntilAsync(after.Delivered, "delivered");

        Assert.Equal(ClientFailure.Disk, failure.Reason);
        Assert.Contains("full", failure.Message, StringComparison.Ordinal);
        await Beta.ReadsAsync("before", "after");
        Assert.All(Cluster.Seen, static ciphertexts => Assert.Single(ciphertexts));
    }

    [Fact]
    public async Task What_cannot_be_stored_stays_with_the_mailbox_and_comes_when_there_is_room()
    {
        await BothOnlineAsync();
        await Clock.UntilAsync((await SendAsync(Alpha, "beta", "before")).Delivered, "delivered");
        await Clock.UntilAsync(
            async () => await Beta.Client.GetStatusAsync(CancellationToken.None) is { Unaccepted: 0, Unmarked: 0 },
            "it is stored that the receipt was deposited and the message read");

        Beta.Journal.IsFull = true;
        MessageHandle handle = await SendAsync(Alpha, "beta", "while");
        await Clock.UntilAsync(handle.Accepted, "accepted");
        await Clock.PassAsync(TimeSpan.FromSeconds(20));
        string[] seen = Beta.Texts;
        int waiting = Cluster.Waiting(Beta.DeviceId);
        Beta.Journal.IsFull = false;
        await Clock.UntilAsync(handle.Delivered, "delivered");

        Assert.Equal(["before"], seen);
        Assert.Equal(1, waiting);
        await Beta.ReadsAsync("before", "while");
    }

    [Fact]
    public async Task What_the_cluster_took_is_not_deposited_again_while_that_cannot_be_stored()
    {
        await BothOnlineAsync();
        await Beta.CloseAsync();
        Cluster.Faults.TooFastUntil = Clock.Time.GetUtcNow() + TimeSpan.FromSeconds(10);
        MessageHandle handle = await SendAsync(Alpha, "beta", "while");

        Alpha.Journal.IsFull = true;
        await Clock.PassAsync(TimeSpan.FromSeconds(30));
        int whileFull = Cluster.Deposits;
        bool isAccepted = handle.Accepted.IsCompleted;
        Alpha.Journal.IsFull = false;
        await Clock.UntilAsync(handle.Accepted, "accepted");

        Assert.Equal(1, whileFull);
        Assert.False(isAccepted);
        Assert.Equal(1, Cluster.Deposits);
    }
}
