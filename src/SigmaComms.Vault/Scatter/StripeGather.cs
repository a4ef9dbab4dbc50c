using SigmaComms.Vault.Sealing;

namespace SigmaComms.Vault.Scatter;

/// <summary>The way of plaintext back from the nodes: ask the k quickest, hedge, verify, rebuild, open.</summary>
/// <remarks>Safe to call from any thread.</remarks>
public sealed class StripeGather
{
    private const int FaultsMax = 1024;

    private readonly StorageNetwork _network;
    private readonly StripeBuffers _buffers;
    private readonly ScatterOptions _options;

    /// <summary>Prepares reading.</summary>
    /// <param name="network">The storage nodes.</param>
    /// <param name="buffers">Room for stripes.</param>
    /// <param name="options">Bounds.</param>
    /// <exception cref="ArgumentException">Bounds are out of their range.</exception>
    public StripeGather(StorageNetwork network, StripeBuffers buffers, ScatterOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(buffers);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        (_network, _buffers, _options) = (network, buffers, options);
    }

    /// <summary>Reads one stripe.</summary>
    /// <param name="stripe">Its entry and keys.</param>
    /// <param name="destination">Receives the plaintext if it is read, else stays as it is.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="ArgumentException">The destination has not the plaintext's length.</exception>
    public async Task<GatherResult> ReadAsync(
        LockedStripe stripe, Memory<byte> destination, CancellationToken cancellationToken)
    {
        (StripeEntry entry, StripeKeys keys) = stripe;
        if (destination.Length != entry.PlaintextLength)
        {
            throw new ArgumentException("The destination has not the plaintext's length.", nameof(destination));
        }

        using StripeBuffer room = _buffers.Rent(entry.Layout.StripeLength);
        using StripeAssembly assembly = new(entry, room.Memory);
        List<FragmentFault> faults = [];
        await CollectAsync(stripe, assembly, faults, cancellationToken);
        GatherStatus status = keys.Opener.Open(assembly, out ReadOnlySpan<byte> plaintext) switch
        {
            StripeOpening.Opened => GatherStatus.Read,
            StripeOpening.NeedsFragments => GatherStatus.NeedsFragments,
            StripeOpening.Inconsistent => GatherStatus.Inconsistent,
            _ => GatherStatus.Refused,
        };
        plaintext.CopyTo(destination.Span);
        return new GatherResult(
            status, status == GatherStatus.Read ? default : entry.Stripe, assembly.Needed, faults);
    }

    /// <summary>Reads stripes into a stream, in order, as many at once as the window allows.</summary>
    /// <param name="stripes">The stripes, in order.</param>
    /// <param name="destination">Receives plaintext up to the first stripe that cannot be read; not disposed.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<GatherResult> CopyToAsync(
        IEnumerable<LockedStripe> stripes, Stream destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stripes);
        ArgumentNullException.ThrowIfNull(destination);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Queue<(Task<GatherResult> Result, StripeBuffer Plaintext)> underWay = [];
        List<FragmentFault> faults = [];
        long bytesUnderWay = 0;
        try
        {
            using IEnumerator<LockedStripe> source = stripes.GetEnumerator();
            bool any = source.MoveNext();
            while (any || underWay.Count > 0)
            {
                while (any && (underWay.Count == 0 || bytesUnderWay + CostOf(source.Current) <= _options.WindowBytes))
                {
                    bytesUnderWay += CostOf(source.Current);
                    underWay.Enqueue(Start(source.Current, stop.Token));
                    any = source.MoveNext();
                }

                (Task<GatherResult> reading, StripeBuffer plaintext) = underWay.Peek();
                GatherResult result = await reading;
                faults.AddRange(result.Faults.Take(FaultsMax - faults.Count));
                if (result.Status != GatherStatus.Read)
                {
                    return result with { Faults = faults };
                }

                await destination.WriteAsync(plaintext.Memory, cancellationToken);
                bytesUnderWay -= 3L * plaintext.Memory.Length;
                underWay.Dequeue().Plaintext.Dispose();
            }

            return new GatherResult(GatherStatus.Read, default, 0, faults);
        }
        finally
        {
            await stop.CancelAsync();
            await EndAsync(underWay);
        }
    }

    // Plaintext, stripe and fragments that are being verified.
    private static long CostOf(LockedStripe stripe) => 3L * stripe.Entry.PlaintextLength;

    private static async Task EndAsync(Queue<(Task<GatherResult> Result, StripeBuffer Plaintext)> underWay)
    {
        foreach ((Task<GatherResult> result, StripeBuffer plaintext) in underWay)
        {
            await SettleAsync(result);
            plaintext.Dispose();
        }
    }

    // Waits without caring how it ends: what matters is that nobody writes to its room any more.
    private static Task SettleAsync(Task task) => task.ContinueWith(
        static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private (Task<GatherResult> Result, StripeBuffer Plaintext) Start(
        LockedStripe stripe, CancellationToken cancellationToken)
    {
        StripeBuffer plaintext = _buffers.Rent(stripe.Entry.PlaintextLength);
        return (
            Task.Run(() => ReadAsync(stripe, plaintext.Memory, cancellationToken), CancellationToken.None),
            plaintext);
    }

    private async Task CollectAsync(
        LockedStripe stripe, StripeAssembly assembly, List<FragmentFault> faults, CancellationToken cancellationToken)
    {
        FragmentId[] ids = stripe.Keys.Name(stripe.Entry);
        FragmentQuest quest =
            new(_network.Placement.Rank(ids), assembly.Entry.DataFragments, _network.MedianRead);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task<FragmentFetch>> running = [];
        int hedges = 0;
        Task hedge = HedgeAsync(stop.Token);
        try
        {
            while (assembly.Needed > 0)
            {
                while (running.Count < assembly.Needed + hedges && quest.TryNext(out FragmentAttempt next))
                {
                    running.Add(FetchAsync(ids[next.Index], next, assembly.Entry.Layout.FragmentLength, stop.Token));
                }

                if (running.Count == 0)
                {
                    return;
                }

                Task first = await Task.WhenAny([.. running, hedge]);
                if (first == hedge)
                {
                    await hedge;
                    hedges++;
                    hedge = HedgeAsync(stop.Token);
                    continue;
                }

                var finished = (Task<FragmentFetch>)first;
                running.Remove(finished);
                using FragmentFetch fetch = await finished;
                Take(fetch, ids, assembly, quest, faults);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await SettleAsync(hedge);
            await EndAsync(running);
        }
    }

    private Task HedgeAsync(CancellationToken cancellationToken)
    {
        TimeSpan slow = _network.SlowRead;
        TimeSpan wait = slow == TimeSpan.Zero || slow > _options.HedgeMax ? _options.HedgeMax
            : slow < _options.HedgeMin ? _options.HedgeMin : slow;
        return Task.Delay(wait, _network.Time, cancellationToken);
    }

    private async Task<FragmentFetch> FetchAsync(
        FragmentId id, FragmentAttempt attempt, int fragmentLength, CancellationToken cancellationToken)
    {
        StripeBuffer room = _buffers.Rent(fragmentLength);
        try
        {
            StoreStatus status =
                await _network.GetAsync(attempt.Node, id, room.Memory, _options.GetLimit, cancellationToken);
            return new FragmentFetch(attempt, status, room);
        }
        catch
        {
            room.Dispose();
            throw;
        }
    }

    private static void Take(
        FragmentFetch fetch,
        FragmentId[] ids,
        StripeAssembly assembly,
        FragmentQuest quest,
        List<FragmentFault> faults)
    {
        int index = fetch.Attempt.Index;
        StoreStatus status = fetch.Status;
        if (status == StoreStatus.Done && !assembly.TryAccept(index, fetch.Room.Memory.Span))
        {
            status = StoreStatus.Corrupt;
        }

        if (status != StoreStatus.Done)
        {
            faults.Add(new FragmentFault(ids[index], index, fetch.Attempt.Node, status));
            quest.Failed(fetch.Attempt);
        }
    }

    private static async Task EndAsync(List<Task<FragmentFetch>> running)
    {
        foreach (Task<FragmentFetch> fetch in running)
        {
            await SettleAsync(fetch);
            if (fetch.IsCompletedSuccessfully)
            {
                (await fetch).Dispose();
            }
        }
    }
}
