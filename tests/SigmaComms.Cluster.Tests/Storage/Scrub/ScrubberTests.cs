using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Actors.TestKit;
using SigmaComms.Cluster.Storage;
using SigmaComms.Cluster.Storage.Repair;
using SigmaComms.Cluster.Storage.Scrub;
using SigmaComms.Cluster.Tests.Storage.Repair;
using SigmaComms.Persistence.Stripes;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Tests.Storage.Scrub;

public sealed class ScrubberTests
{
    [Fact]
    public async Task Every_fragment_is_read_and_what_is_damaged_is_quarantined_and_told()
    {
        using StorageCluster cluster = new(nodes: 6, data: 4, parity: 2);
        await cluster.WriteAsync(stripes: 30);
        MemoryShelf shelf = cluster.Hosts[0].Shelf;
        FragmentId[] rotten = [shelf.Ids[1], shelf.Ids[^1]];
        Array.ForEach(rotten, shelf.Damage);
        List<FragmentId> told = [];
        RepairFigures figures = new();
        Scrubber scrubber = New(cluster, shelf, new InMemoryStripeBook(), figures, told);

        bool isWhole = await cluster.RunAsync(scrubber.RunAsync(default));

        Assert.True(isWhole);
        Assert.Equal(rotten, told);
        Assert.All(rotten, id => Assert.True(shelf.IsQuarantined(id)));
        Assert.Equal(shelf.Ids.Count, figures.Scrubbed);
        Assert.Equal(2, figures.Quarantined);
        Assert.False(scrubber.IsDue);
    }

    [Fact]
    public async Task A_pass_takes_as_long_as_its_rate_says_and_the_next_one_is_due_a_week_later()
    {
        using StorageCluster cluster = new(nodes: 6, data: 4, parity: 2);
        await cluster.WriteAsync(stripes: 60);
        MemoryShelf shelf = cluster.Hosts[0].Shelf;
        Scrubber scrubber = New(cluster, shelf, new InMemoryStripeBook(), new RepairFigures(), []);
        DateTimeOffset start = cluster.Time.GetUtcNow();

        await cluster.RunAsync(scrubber.RunAsync(default));

        double due = (double)shelf.Ids.Count * cluster.Written[0].Length / (64 << 10);
        Assert.InRange((cluster.Time.GetUtcNow() - start).TotalSeconds, due - 1, due + 1);
        cluster.Time.Advance(TimeSpan.FromDays(7) - (cluster.Time.GetUtcNow() - start) - TimeSpan.FromSeconds(1));
        Assert.False(scrubber.IsDue);
        cluster.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(scrubber.IsDue);
    }

    [Fact]
    public async Task A_pass_that_was_cut_short_goes_on_where_it_was()
    {
        using StorageCluster cluster = new(nodes: 2, data: 1, parity: 1);
        await cluster.WriteAsync(stripes: 200);
        MemoryShelf shelf = cluster.Hosts[0].Shelf;
        InMemoryStripeBook book = new();
        RepairFigures figures = new();
        using CancellationTokenSource crash = new();
        Task<bool> first = New(cluster, shelf, book, figures, []).RunAsync(crash.Token);
        while (figures.Scrubbed < 150)
        {
            cluster.Time.Advance(cluster.Time.UntilNext!.Value);
        }

        await crash.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Scrubber second = New(cluster, shelf, book, figures, []);
        bool wasDue = second.IsDue;

        await cluster.RunAsync(second.RunAsync(default));

        Assert.True(wasDue);
        Assert.InRange(figures.Scrubbed, 200, 200 + 64);
        Assert.NotEqual(0, second.Mark.EndedTicks);
    }

    private static Scrubber New(
        StorageCluster cluster, MemoryShelf shelf, IStripeBook book, RepairFigures figures, List<FragmentId> told) =>
        new(
            shelf,
            book,
            new RepairOptions { ScrubBytesPerSecond = 64 << 10 },
            figures,
            (StoredFragment own) => told.Add(own.Label.Id),
            cluster.Time,
            NullLogger.Instance);
}
