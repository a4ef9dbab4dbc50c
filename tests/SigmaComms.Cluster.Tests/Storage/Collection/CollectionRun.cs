using SigmaComms.Vault;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Tests.Storage.Collection;

/// <summary>Puts, commits, drops, trims, sweeps, crashes and time in a random order.</summary>
internal sealed class CollectionRun(int seed, bool mayMissEntries)
{
    private readonly Random _random = new(seed);
    private readonly CollectionHost _host = new();
    private readonly Dictionary<StripeId, DateTimeOffset> _staged = [];
    private readonly HashSet<StripeId> _live = [];
    private readonly HashSet<StripeId> _dropped = [];

    public async Task RunAsync(int turns)
    {
        for (int turn = 0; turn < turns; turn++)
        {
            await StepAsync();
            Assert.All(_live, stripe => Assert.True(_host.Has(stripe), $"seed {seed}, turn {turn}: a stripe is gone"));
        }

        _host.Log.HasQuorum = true;
        _host.Time.Advance(TimeSpan.FromHours(48));
        await _host.Collector.SweepAsync(default);
        Assert.All(_live, stripe => Assert.True(_host.Has(stripe), $"seed {seed}: a stripe is gone in the end"));
        if (!mayMissEntries)
        {
            Assert.True(_host.Shelf.Ids.Count == _live.Count, $"seed {seed}: something stayed that nobody needs");
        }
    }

    private async Task StepAsync()
    {
        switch (_random.Next(12))
        {
            case 0 or 1 or 2:
                StripeId put = _host.NewStripe();
                await _host.PutAsync(put);
                _staged.Add(put, _host.Time.GetUtcNow());
                break;
            case 3 or 4:
                Commit();
                break;
            case 5 when _live.Count > 0:
                StripeId dropped = _live.ElementAt(_random.Next(_live.Count));
                _live.Remove(dropped);
                _dropped.Add(dropped);
                _host.Log.Append([], [dropped]);
                break;
            case 6:
                Trim();
                break;
            case 7:
                _host.See();
                break;
            case 8:
                _host.Log.HasQuorum = _random.Next(3) > 0;
                await _host.Collector.SweepAsync(default);
                break;
            case 9:
                _host.Restart();
                break;
            case 10 when _live.Count > 0:
                // The disk loses one, and another node puts it back.
                StripeId lost = _live.ElementAt(_random.Next(_live.Count));
                await _host.Shelf.DeleteAsync(CollectionHost.LabelOf(lost).Id, default);
                Assert.Equal(StoreStatus.Done, await _host.PutByPeerAsync(lost));
                break;
            default:
                _host.Time.Advance(TimeSpan.FromHours(_random.Next(14)));
                break;
        }
    }

    /// <summary>Clients add a stripe within twelve hours, or not at all.</summary>
    private void Commit()
    {
        DateTimeOffset oldest = _host.Time.GetUtcNow() - TimeSpan.FromHours(12);
        StripeId[] fit = [.. _staged.Where(stripe => stripe.Value > oldest && _random.Next(2) == 0).Select(s => s.Key)];
        _host.Log.Append(fit, []);
        foreach (StripeId stripe in fit)
        {
            _staged.Remove(stripe);
            _live.Add(stripe);
        }
    }

    private void Trim()
    {
        if (!mayMissEntries)
        {
            _host.See();
        }

        _host.Log.Trim(_random.Next(_host.Log.First, _host.Log.Count + 1));
    }
}
