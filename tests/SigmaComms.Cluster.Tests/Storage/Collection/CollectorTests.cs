using SigmaComms.Vault;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Tests.Storage.Collection;

public sealed class CollectorTests
{
    [Fact]
    public async Task What_an_entry_drops_goes_and_the_rest_stays()
    {
        CollectionHost host = new();
        StripeId kept = host.NewStripe();
        StripeId dropped = host.NewStripe();
        await host.PutAsync(kept);
        await host.PutAsync(dropped);
        host.Log.Append([kept, dropped], []);
        host.Log.AppendOther();
        host.Log.Append([], [dropped]);

        await host.Collector.SweepAsync(default);

        Assert.True(host.Has(kept));
        Assert.False(host.Has(dropped));
        Assert.Equal(1, host.Figures.Dropped);
    }

    [Fact]
    public async Task What_no_entry_adds_goes_after_a_day_and_not_before()
    {
        CollectionHost host = new();
        StripeId staged = host.NewStripe();
        await host.PutAsync(staged);
        host.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        await host.Collector.SweepAsync(default);
        bool before = host.Has(staged);
        host.Time.Advance(TimeSpan.FromSeconds(1));

        await host.Collector.SweepAsync(default);

        Assert.True(before);
        Assert.False(host.Has(staged));
        Assert.Equal(1, host.Figures.Expired);
    }

    [Fact]
    public async Task Without_a_quorum_that_says_what_is_final_nothing_staged_goes()
    {
        CollectionHost host = new();
        StripeId late = host.NewStripe();
        await host.PutAsync(late);
        host.Log.Append([late], []);
        host.Log.HasQuorum = false;
        host.Time.Advance(TimeSpan.FromDays(30));

        await host.Collector.SweepAsync(default);

        Assert.True(host.Has(late));
    }

    [Fact]
    public async Task An_entry_that_the_node_had_not_seen_yet_keeps_its_stripes()
    {
        CollectionHost host = new();
        StripeId stripe = host.NewStripe();
        await host.PutAsync(stripe);
        host.See();
        host.Log.Append([stripe], []);
        host.Time.Advance(TimeSpan.FromDays(3));

        await host.Collector.SweepAsync(default);

        Assert.True(host.Has(stripe));
    }

    [Fact]
    public async Task What_was_added_stays_after_the_entry_is_trimmed_and_goes_when_it_is_dropped()
    {
        CollectionHost host = new();
        StripeId stripe = host.NewStripe();
        await host.PutAsync(stripe);
        host.Log.Append([stripe], []);
        host.See();
        host.Log.Trim(1);
        host.Restart();
        host.Time.Advance(TimeSpan.FromDays(3));
        await host.Collector.SweepAsync(default);
        bool trimmed = host.Has(stripe);

        host.Log.Append([], [stripe]);
        await host.Collector.SweepAsync(default);

        Assert.True(trimmed);
        Assert.False(host.Has(stripe));
    }

    [Fact]
    public async Task What_may_have_been_added_by_entries_that_were_missed_stays()
    {
        CollectionHost host = new();
        StripeId stripe = host.NewStripe();
        await host.PutAsync(stripe);
        host.Log.Append([stripe], []);
        host.Log.Append([], []);
        host.Log.Trim(1);
        host.Time.Advance(TimeSpan.FromDays(3));

        await host.Collector.SweepAsync(default);

        Assert.True(host.Has(stripe));
    }

    [Fact]
    public async Task A_drop_of_what_was_never_added_counts_for_nothing()
    {
        CollectionHost host = new();
        StripeId stripe = host.NewStripe();
        await host.PutAsync(stripe);
        host.Log.Append([], [stripe]);
        host.Log.Append([stripe], [stripe]);

        await host.Collector.SweepAsync(default);

        Assert.True(host.Has(stripe));
    }

    [Fact]
    public async Task What_another_node_puts_counts_as_added_unless_it_was_dropped()
    {
        CollectionHost host = new();
        StripeId old = host.NewStripe();
        StripeId dropped = host.NewStripe();
        host.Log.Append([dropped], []);
        host.Log.Append([], [dropped]);
        host.See();

        StoreStatus first = await host.PutByPeerAsync(old);
        StoreStatus second = await host.PutByPeerAsync(dropped);
        host.Time.Advance(TimeSpan.FromDays(9));
        await host.Collector.SweepAsync(default);

        Assert.Equal(StoreStatus.Done, first);
        Assert.Equal(StoreStatus.Refused, second);
        Assert.True(host.Has(old));
        Assert.False(host.Has(dropped));
    }

    [Fact]
    public async Task Stripes_of_a_vault_without_any_entry_go_after_a_day()
    {
        CollectionHost host = new();
        StripeId staged = host.NewStripe();
        await host.PutAsync(staged);
        host.Time.Advance(TimeSpan.FromHours(25));

        await host.Collector.SweepAsync(default);

        Assert.False(host.Has(staged));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whatever_happens_in_whichever_order_nothing_that_is_live_ever_goes(bool mayMissEntries)
    {
        int start = Random.Shared.Next();
        Console.WriteLine($"seed {start}");
        for (int seed = start; seed < start + 60; seed++)
        {
            await new CollectionRun(seed, mayMissEntries).RunAsync(turns: 120);
        }
    }
}
