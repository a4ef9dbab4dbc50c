using SigmaComms.Cryptography;
using SigmaComms.Vault;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>
/// Stripes that wait to be rebuilt; those with the fewest survivors first. Safe to call from any thread.
/// </summary>
internal sealed class RepairQueue(RepairFigures figures)
{
    /// <summary>When it is as long, it is worked off before more is looked for.</summary>
    public const int LengthMax = 16_384;

    private readonly Lock _gate = new();
    private readonly PriorityQueue<StoredFragment, (int Spare, long Order)> _queue = new();
    private readonly Dictionary<(Digest Vault, StripeId Stripe, FragmentId Own), int> _lost = [];
    private readonly Dictionary<(Digest Vault, StripeId Stripe, FragmentId Own), int> _open = [];
    private long _order;

    /// <summary>Whether nothing more should be put in before something is taken out.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
            {
                return _queue.Count >= LengthMax;
            }
        }
    }

    /// <summary>Lost fragments of a vault that wait, or that could not be rebuilt.</summary>
    public int MissingOf(Digest vault)
    {
        lock (_gate)
        {
            return _lost.Concat(_open.Where(entry => !_lost.ContainsKey(entry.Key)))
                .Where(entry => entry.Key.Vault == vault).Sum(entry => entry.Value);
        }
    }

    /// <summary>Notes what of a stripe could not be rebuilt.</summary>
    public void NoteOpen(StoredFragment own, int lost)
    {
        lock (_gate)
        {
            if (lost == 0)
            {
                _open.Remove(KeyOf(own));
            }
            else if (_open.Count < LengthMax)
            {
                _open[KeyOf(own)] = lost;
            }

            figures.SetOpen(_open.Count);
        }
    }

    /// <summary>Forgets what could not be rebuilt: it is looked for anew.</summary>
    public void ForgetOpen(Digest? vault)
    {
        lock (_gate)
        {
            foreach ((Digest Vault, StripeId Stripe, FragmentId Own) key in
                _open.Keys.Where(key => vault is null || key.Vault == vault).ToArray())
            {
                _open.Remove(key);
            }

            figures.SetOpen(_open.Count);
        }
    }

    /// <summary>Puts in a stripe, unless it waits already.</summary>
    public void Add(StripeDamage damage)
    {
        lock (_gate)
        {
            if (_lost.TryAdd(KeyOf(damage.Own), damage.Lost.Count))
            {
                _queue.Enqueue(damage.Own, (damage.Spare, _order++));
                figures.SetQueue(_queue.Count);
            }
        }
    }

    /// <summary>Takes out the next one.</summary>
    public bool TryTake(out StoredFragment? own)
    {
        lock (_gate)
        {
            bool any = _queue.TryDequeue(out own, out _);
            if (any)
            {
                _lost.Remove(KeyOf(own!));
            }

            figures.SetQueue(_queue.Count);
            return any;
        }
    }

    private static (Digest, StripeId, FragmentId) KeyOf(StoredFragment own) =>
        (own.Label.Vault, own.Label.Stripe, own.Label.Id);
}
