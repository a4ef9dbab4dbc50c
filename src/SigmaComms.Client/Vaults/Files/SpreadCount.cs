using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Client.Vaults.Files;

/// <summary>Counts how stripes lie on the nodes. Safe to call from any thread.</summary>
internal sealed class SpreadCount
{
    private readonly Lock _gate = new();
    private WrittenSpread _sum = new(0, 0, int.MaxValue, int.MaxValue);

    /// <summary>The sum; zeros if nothing was written.</summary>
    public WrittenSpread Sum
    {
        get
        {
            lock (_gate)
            {
                return _sum.Stripes == 0 ? new WrittenSpread(0, 0, 0, 0) : _sum;
            }
        }
    }

    /// <summary>Adds a stripe.</summary>
    /// <param name="stripe">The stripe.</param>
    /// <param name="nodes">How many storage nodes there are.</param>
    public void Add(ScatteredStripe stripe, int nodes)
    {
        StripeEntry entry = stripe.Entry;
        int losses = LossesOf(
            stripe.Holders.OfType<NodeId>().GroupBy(static node => node).Select(static held => held.Count()),
            entry.DataFragments);
        int usual = LossesOf(
            Enumerable.Range(0, nodes).Select(node => (entry.Fragments + node) / nodes), entry.DataFragments);
        lock (_gate)
        {
            _sum = new WrittenSpread(
                _sum.Stripes + 1,
                _sum.Short + (losses < usual ? 1 : 0),
                Math.Min(_sum.LossesMin, losses),
                Math.Min(_sum.LossesUsual, usual));
        }
    }

    /// <summary>How many nodes may be lost, if it is those that hold most.</summary>
    private static int LossesOf(IEnumerable<int> held, int needed)
    {
        int[] most = [.. held.OrderDescending()];
        int left = most.Sum();
        int losses = 0;
        while (losses < most.Length && left - most[losses] >= needed)
        {
            left -= most[losses++];
        }

        return losses;
    }
}
