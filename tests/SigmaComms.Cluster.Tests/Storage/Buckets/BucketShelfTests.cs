using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Actors.TestKit;
using SigmaComms.Cluster.Attachments;
using SigmaComms.Cluster.Storage;
using SigmaComms.Cluster.Storage.Buckets;
using SigmaComms.Cluster.Storage.Collection;
using SigmaComms.Cluster.Storage.Repair;
using SigmaComms.Cluster.Storage.Scrub;
using SigmaComms.Cluster.Tests.Storage.Collection;
using SigmaComms.Cluster.Tests.Storage.Repair;
using SigmaComms.Cryptography;
using SigmaComms.Persistence.Fragments;
using SigmaComms.Persistence.Stripes;
using SigmaComms.Vault;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;
using SigmaComms.Vault.Tests.Scatter;

namespace SigmaComms.Cluster.Tests.Storage.Buckets;

/// <summary>A node whose store is a bucket is gone through, scrubbed, collected and repaired like any other.</summary>
public sealed class BucketShelfTests : FragmentStoreConformance, IClassFixture<BucketServer>, IDisposable
{
    private readonly BucketServer _server;
    private readonly BucketFragmentStore _store;
    private readonly BucketShelf _shelf;
    private readonly VirtualTime _time = new();

    public BucketShelfTests(BucketServer server)
    {
        _server = server;
        _server.Reset();
        _store = BucketFixture.Store(server.Options());
        _shelf = new BucketShelf(_store, _time);
    }

    public void Dispose() => _store.Dispose();

    protected override IFragmentStore NewStore() => _shelf;

    [Fact]
    public async Task Listings_go_on_page_by_page_with_labels_and_times_and_foreign_objects_are_passed_over()
    {
        List<FragmentLabel> labels = await PutAsync(count: 7);
        _server.Objects["node-1/readme"] = [1];
        _server.Objects["node-2/" + labels[0].Id] = [1];
        DateTimeOffset at = new(2026, 5, 6, 7, 8, 9, TimeSpan.Zero);
        _server.WrittenAt[KeyOf(labels[3].Id)] = at;

        List<StoredFragment> listed = await PagesAsync(after => _shelf.ListAsync(after?.Id, 3, default));

        Assert.Equal(labels.Order(Comparer<FragmentLabel>.Create((a, b) => a.Id.CompareTo(b.Id))),
            listed.Select(own => own.Label));
        Assert.Equal(at, listed.Single(own => own.Label.Id == labels[3].Id).StoredAt);
        Assert.Equal(_time.GetUtcNow(), listed.Single(own => own.Label.Id == labels[4].Id).StoredAt);
        Assert.All(listed, own => Assert.Equal(FragmentState.Live, own.State));
    }

    [Fact]
    public async Task Only_the_vault_that_is_asked_for_is_listed_and_what_is_known_is_not_read_again()
    {
        List<FragmentLabel> others = await PutAsync(count: 9);
        Digest vault = Digest.Sha256("this one"u8);
        List<FragmentLabel> meant = [];
        for (int i = 0; i < 5; i++)
        {
            (FragmentLabel label, byte[] bytes) = Fragment(vault, 64);
            await _shelf.PutAsync(label, bytes, default);
            meant.Add(label);
        }

        BucketShelf restarted = new(_store, _time);
        List<StoredFragment> listed = await PagesAsync(after => restarted.ListVaultAsync(vault, after, 2, default));
        int before = _server.Requests.Count;
        await PagesAsync(after => restarted.ListVaultAsync(vault, after, 100, default));

        Assert.Equal(meant.Select(label => label.Id).Order(), listed.Select(own => own.Label.Id));
        Assert.Equal(9, others.Count);
        Assert.Equal(2, _server.Requests.Count - before);
    }

    [Fact]
    public async Task What_is_rotten_is_told_once_and_listed_as_quarantined_until_it_is_put_again()
    {
        (FragmentLabel label, byte[] bytes) = Fragment(9_024);
        await _shelf.PutAsync(label, bytes, default);
        _server.Objects[KeyOf(label.Id)][^1] ^= 1;
        List<FragmentDamaged> told = [];
        _shelf.Damaged = told.Add;

        StoreStatus[] rotten =
            [await _shelf.VerifyAsync(label.Id, default), await _shelf.VerifyAsync(label.Id, default)];
        StoreStatus described = (await _shelf.DescribeAsync(label.Id, default)).Status;
        FragmentState listed = Assert.Single((await _shelf.ListAsync(null, 10, default)).Page).State;
        StoreStatus put = await _shelf.PutAsync(label, bytes, default);
        StoreStatus verified = await _shelf.VerifyAsync(label.Id, default);

        Assert.Equal([StoreStatus.Corrupt, StoreStatus.Corrupt], rotten);
        Assert.Equal((StoreStatus.Corrupt, FragmentState.Quarantined), (described, listed));
        Assert.Equal((StoreStatus.Done, StoreStatus.Done), (put, verified));
        Assert.Equal(label, Assert.Single(told).Label);
        Assert.Equal(FragmentState.Live, Assert.Single((await _shelf.ListAsync(null, 10, default)).Page).State);
    }

    [Fact]
    public async Task An_object_whose_head_is_damaged_is_left_out_and_hides_no_other()
    {
        List<FragmentLabel> labels = await PutAsync(count: 5);
        FragmentId first = labels.Min(label => label.Id);
        _server.Objects[KeyOf(first)][20] ^= 1;
        BucketShelf restarted = new(_store, _time);

        List<StoredFragment> listed = await PagesAsync(after => restarted.ListAsync(after?.Id, 1, default));

        Assert.Equal(labels.Select(label => label.Id).Order().Skip(1), listed.Select(own => own.Label.Id));
        Assert.Equal(StoreStatus.Corrupt, (await restarted.DescribeAsync(first, default)).Status);
    }

    [Fact]
    public async Task A_bucket_that_does_not_answer_or_repeats_its_pages_ends_a_listing_as_not_done()
    {
        await PutAsync(count: 5);
        FragmentId last = (await _shelf.ListAsync(null, 3, default)).Page[^1].Label.Id;

        _server.RepeatsPages = true;
        (StoreStatus repeated, IReadOnlyList<StoredFragment> none) = await _shelf.ListAsync(last, 3, default);
        _server.RepeatsPages = false;
        _server.Misbehave(BucketFault.InternalError);
        (StoreStatus failed, _) = await _shelf.ListAsync(null, 3, default);

        Assert.Equal((StoreStatus.Unreachable, StoreStatus.Unreachable), (repeated, failed));
        Assert.Empty(none);
    }

    [Fact]
    public async Task The_scrub_reads_all_of_it_and_finds_what_is_rotten()
    {
        List<FragmentLabel> labels = await PutAsync(count: 6);
        _server.Objects[KeyOf(labels[2].Id)][^1] ^= 1;
        RepairFigures figures = new();
        List<FragmentId> told = [];
        Scrubber scrubber = new(
            _shelf, new InMemoryStripeBook(), new RepairOptions(), figures, own => told.Add(own.Label.Id), _time,
            NullLogger.Instance);

        bool isWhole = await scrubber.RunAsync(default);

        Assert.True(isWhole);
        Assert.Equal([labels[2].Id], told);
        Assert.Equal((6, 1), (figures.Scrubbed, figures.Quarantined));
    }

    [Fact]
    public async Task Dropped_and_abandoned_stripes_are_collected_by_the_services_clock()
    {
        PretendedVaultLog log = new();
        InMemoryStripeBook book = new();
        RepairFigures figures = new();
        Collector collector = new(
            _shelf, log, book, new FragmentJudge(book, new AttachmentAge(TimeSpan.FromDays(30), _time)),
            new StripeFollower(log, book, _time, NullLogger.Instance), TimeSpan.FromHours(24), figures,
            new AttachmentRoom(() => long.MaxValue), _time, NullLogger.Instance);
        FragmentLabel kept = await PutAsync(StripeOf(1), _time.GetUtcNow() - TimeSpan.FromDays(3));
        FragmentLabel dropped = await PutAsync(StripeOf(2), _time.GetUtcNow());
        FragmentLabel abandoned = await PutAsync(StripeOf(3), _time.GetUtcNow() - TimeSpan.FromHours(25));
        FragmentLabel young = await PutAsync(StripeOf(4), _time.GetUtcNow() - TimeSpan.FromHours(23));
        log.Append([kept.Stripe, dropped.Stripe], []);
        log.Append([], [dropped.Stripe]);
        log.Show();

        await collector.SweepAsync(default);

        Assert.Equal(
            new[] { kept.Id, young.Id }.Order(),
            (await _shelf.ListAsync(null, 10, default)).Page.Select(own => own.Label.Id));
        Assert.Equal((1, 1), (figures.Dropped, figures.Expired));
        Assert.DoesNotContain(KeyOf(abandoned.Id), _server.Objects.Keys);
    }

    [Fact]
    public async Task Rounds_over_a_bucket_rebuild_what_it_lost_and_what_others_lost()
    {
        using StorageCluster cluster = new(nodes: 3, data: 2, parity: 2);
        StorageHost host = cluster.Join(_shelf);
        await cluster.WriteAsync(stripes: 4);
        FragmentId[] mine = [.. (await _shelf.ListAsync(null, 100, default)).Page.Select(own => own.Label.Id)];
        _server.Objects.TryRemove(KeyOf(mine[0]), out _);
        _server.Objects[KeyOf(mine[1])][^1] ^= 1;
        await _shelf.VerifyAsync(mine[1], default);
        StorageHost other = cluster.Hosts.First(node => node != host);
        other.LoseDisk();

        // The clock stands still: the bucket answers in real time, and nothing here has to wait.
        List<RoundResult> results = [];
        foreach (StorageHost node in cluster.Hosts)
        {
            results.Add(await cluster.RoundOf(node).RunAsync(null, cluster.View(node.Id), default));
        }

        Assert.All(results, result => Assert.Equal((0, true), (result.Open, result.IsWhole)));
        Assert.Equal(4, mine.Length);
        Assert.InRange(host.Figures.Rebuilt, 1, 6);
        await cluster.AssertWholeAsync();
    }

    private static StripeId StripeOf(byte number) => new([number, .. new byte[15]]);

    private static string KeyOf(FragmentId id) => $"node-1/{id}";

    private async Task<FragmentLabel> PutAsync(StripeId stripe, DateTimeOffset writtenAt)
    {
        byte[] bytes = new byte[64];
        FragmentLabel label = new(
            PretendedVaultLog.Vault, stripe, 1, 0, bytes.Length, default, [FragmentTree.RootOf(bytes)]);
        Assert.Equal(StoreStatus.Done, await _shelf.PutAsync(label, bytes, default));
        _server.WrittenAt[KeyOf(label.Id)] = writtenAt;
        return label;
    }

    private async Task<List<FragmentLabel>> PutAsync(int count)
    {
        List<FragmentLabel> labels = [];
        for (int i = 0; i < count; i++)
        {
            (FragmentLabel label, byte[] bytes) = BucketFixture.Fragment(64 * (i + 1), 3);
            Assert.Equal(StoreStatus.Done, await _shelf.PutAsync(label, bytes, default));
            labels.Add(label);
        }

        return labels;
    }

    private static async Task<List<StoredFragment>> PagesAsync(
        Func<FragmentLabel?, ValueTask<(StoreStatus Status, IReadOnlyList<StoredFragment> Page)>> list)
    {
        List<StoredFragment> all = [];
        IReadOnlyList<StoredFragment> page;
        do
        {
            (StoreStatus status, page) = await list(all.LastOrDefault()?.Label);
            Assert.Equal(StoreStatus.Done, status);
            all.AddRange(page);
        }
        while (page.Count > 0);

        return all;
    }
}
