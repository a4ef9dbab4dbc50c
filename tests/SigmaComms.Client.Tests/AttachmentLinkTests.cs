using SigmaComms.Client.Attachments;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Client.Tests;

/// <summary>Attachments over links that break.</summary>
public sealed class AttachmentLinkTests : ClusterTest
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_file_arrives_over_links_that_break_all_the_time()
    {
        await BothOnlineAsync();
        byte[] content = new SeededRandom(8).Bytes((9 * StripeRun.StripeSizeBytes) + 5);
        await File.WriteAllBytesAsync(_folder.File("file"), content);
        Cluster.Faults.Cut = 0.05;

        MessageHandle handle = await Clock.UntilAsync(
            Alpha.Client.SendFileAsync("beta", _folder.File("file"), null, default), "stored");
        await Clock.UntilAsync(handle.Delivered, "delivered");
        AttachmentDescriptor attachment = Assert.Single(await Beta.ItemsAsync(1)).Attachment!;
        await Clock.UntilAsync(
            Beta.Client.DownloadAsync(attachment, _folder.File("received"), null, default), "downloaded");

        Assert.Equal(content, await File.ReadAllBytesAsync(_folder.File("received")));
        Assert.InRange(Cluster.FragmentCount, 3 * (10 + 1), int.MaxValue);
    }

    [Fact]
    public async Task Without_a_node_a_transfer_gives_up_in_time_and_leaves_no_file()
    {
        await BothOnlineAsync();
        await File.WriteAllBytesAsync(_folder.File("file"), new byte[100]);
        MessageHandle handle = await Clock.UntilAsync(
            Alpha.Client.SendFileAsync("beta", _folder.File("file"), null, default), "stored");
        await Clock.UntilAsync(handle.Delivered, "delivered");
        AttachmentDescriptor attachment = (await Beta.ItemsAsync(1))[0].Attachment!;
        foreach (FakeNode node in Cluster.Nodes)
        {
            Cluster.Kill(node);
        }

        await Clock.UntilAsync(() => Beta.Events.Any(e => e.Kind == ClientEventKind.Disconnected), "noticed");
        ClientException failure = await FailAsync(
            () => Beta.Client.DownloadAsync(attachment, _folder.File("received"), null, default));

        Assert.Equal(ClientFailure.Unavailable, failure.Reason);
        Assert.Equal([_folder.File("file")], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_file_that_the_cluster_lost_is_a_clear_error()
    {
        await BothOnlineAsync();
        await File.WriteAllBytesAsync(_folder.File("file"), new byte[3 * StripeRun.StripeSizeBytes]);
        MessageHandle handle = await Clock.UntilAsync(
            Alpha.Client.SendFileAsync("beta", _folder.File("file"), null, default), "stored");
        await Clock.UntilAsync(handle.Delivered, "delivered");
        AttachmentDescriptor attachment = (await Beta.ItemsAsync(1))[0].Attachment!;
        foreach (MemoryFragmentStore store in Cluster.Nodes.Skip(1).Select(node => node.Storage.Store))
        {
            foreach (FragmentId id in store.Ids)
            {
                await store.DeleteAsync(id, default);
            }
        }

        ClientException failure = await FailAsync(
            () => Beta.Client.DownloadAsync(attachment, _folder.File("received"), null, default));

        Assert.Equal(ClientFailure.AttachmentMissing, failure.Reason);
    }

    [Fact]
    public async Task A_node_that_damages_every_fragment_does_no_harm()
    {
        await BothOnlineAsync();
        byte[] content = new SeededRandom(9).Bytes((6 * StripeRun.StripeSizeBytes) + 5);
        await File.WriteAllBytesAsync(_folder.File("file"), content);
        MessageHandle handle = await Clock.UntilAsync(
            Alpha.Client.SendFileAsync("beta", _folder.File("file"), null, default), "stored");
        await Clock.UntilAsync(handle.Delivered, "delivered");
        AttachmentDescriptor attachment = (await Beta.ItemsAsync(1))[0].Attachment!;
        Cluster.Nodes[1].Storage.Damages = true;

        await Clock.UntilAsync(
            Beta.Client.DownloadAsync(attachment, _folder.File("received"), null, default),
            "downloaded");

        Assert.Equal(content, await File.ReadAllBytesAsync(_folder.File("received")));
    }

    [Fact]
    public async Task A_file_to_nobody_is_refused_before_anything_is_stored()
    {
        await BothOnlineAsync();
        await File.WriteAllBytesAsync(_folder.File("file"), new byte[100]);

        ClientException failure = await FailAsync(
            () => Alpha.Client.SendFileAsync("nobody", _folder.File("file"), null, default));

        Assert.Equal(ClientFailure.UnknownRecipient, failure.Reason);
        Assert.Equal(0, Cluster.FragmentCount);
    }

    private protected override void Clean() => _folder.Dispose();
}
