using SigmaComms.Vault;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Client.Vaults.Mounting;

/// <summary>
/// Plaintext of stripes in memory, those that were not used for longest give way. A stripe never changes, so that
/// nothing here is ever stale; whoever asks for one that is being fetched waits for the same fetch.
/// </summary>
internal sealed class ContentCache(long bytesMax, Func<LockedStripe, CancellationToken, Task<byte[]>> fetch)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<StripeId, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _used = new();
    private readonly Dictionary<StripeId, Task<byte[]>> _underWay = [];
    private long _bytes;

    /// <summary>Bytes of plaintext that it holds.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>A stripe's plaintext if it is here; nobody may change it.</summary>
    public byte[]? Find(StripeId stripe)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(stripe, out LinkedListNode<Entry>? node))
            {
                return null;
            }

            _used.Remove(node);
            _used.AddFirst(node);
            return node.Value.Plaintext;
        }
    }

    /// <summary>A stripe's plaintext, from the nodes if it is not here.</summary>
    /// <exception cref="VaultException">It cannot be read.</exception>
    public Task<byte[]> GetAsync(LockedStripe stripe, CancellationToken ct)
    {
        StripeId id = stripe.Entry.Stripe;
        if (Find(id) is { } here)
        {
            return Task.FromResult(here);
        }

        Task<byte[]>? fetching;
        lock (_gate)
        {
            if (!_underWay.TryGetValue(id, out fetching))
            {
                // One that gives up must not take it from the others: the fetch has its own end.
                fetching = FetchAsync(stripe);
                if (!fetching.IsCompleted)
                {
                    _underWay.Add(id, fetching);
                }
            }
        }

        return fetching.WaitAsync(ct);
    }

    /// <summary>Keeps plaintext that was just written.</summary>
    public void Put(StripeId stripe, byte[] plaintext)
    {
        lock (_gate)
        {
            if (plaintext.Length > bytesMax || _entries.ContainsKey(stripe))
            {
                return;
            }

            _entries.Add(stripe, _used.AddFirst(new Entry(stripe, plaintext)));
            _bytes += plaintext.Length;
            while (_bytes > bytesMax)
            {
                Entry oldest = _used.Last!.Value;
                _used.RemoveLast();
                _entries.Remove(oldest.Stripe);
                _bytes -= oldest.Plaintext.Length;
            }
        }
    }

    private async Task<byte[]> FetchAsync(LockedStripe stripe)
    {
        // Off the caller's thread, which holds the gate.
        await Task.Yield();
        StripeId id = stripe.Entry.Stripe;
        try
        {
            byte[] plaintext = await fetch(stripe, CancellationToken.None);
            Put(id, plaintext);
            return plaintext;
        }
        finally
        {
            lock (_gate)
            {
                _underWay.Remove(id);
            }
        }
    }

    private sealed record Entry(StripeId Stripe, byte[] Plaintext);
}
