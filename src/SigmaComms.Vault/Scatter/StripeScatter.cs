using System.Runtime.CompilerServices;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Vault.Scatter;

/// <summary>The way of plaintext to the nodes: read, cut, seal, encode, send.</summary>
/// <remarks>
/// Several stripes are under way at once, as many as the window's bytes allow; they come out in order. A fragment
/// that a node does not take goes to the next one in rank. Safe to call from any thread, if the random source is.
/// </remarks>
public sealed class StripeScatter : IDisposable
{
    private readonly VaultShape _shape;
    private readonly StripeKeys _keys;
    private readonly StripeSealer _sealer;
    private readonly StorageNetwork _network;
    private readonly StripeBuffers _buffers;
    private readonly IRandomSource _random;
    private readonly ScatterOptions _options;

    /// <summary>Prepares writing for one epoch of a vault.</summary>
    /// <param name="shape">The vault's shape.</param>
    /// <param name="keys">The newest keys; the caller disposes them after this.</param>
    /// <param name="network">The storage nodes.</param>
    /// <param name="buffers">Room for stripes.</param>
    /// <param name="random">Where ids and keys of stripes come from.</param>
    /// <param name="options">Bounds.</param>
    /// <exception cref="ArgumentException">Shape or bounds are out of their range.</exception>
    public StripeScatter(
        VaultShape shape,
        StripeKeys keys,
        StorageNetwork network,
        StripeBuffers buffers,
        IRandomSource random,
        ScatterOptions options)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(buffers);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (!shape.IsValid)
        {
            throw new ArgumentException("The shape is out of its range.", nameof(shape));
        }

        (_shape, _keys, _network, _buffers, _random, _options) = (shape, keys, network, buffers, random, options);
        _sealer = keys.MakeSealer(shape);
    }

    /// <summary>Writes all that a stream holds; nothing of an empty one.</summary>
    /// <param name="source">Read to its end; not disposed.</param>
    /// <param name="cancellationToken">Stops; fragments sent so far stay until somebody clears them away.</param>
    /// <returns>The stripes in order, each after its fragments were acknowledged.</returns>
    /// <exception cref="ScatterException">Too few nodes took fragments of a stripe.</exception>
    public IAsyncEnumerable<ScatteredStripe> WriteAsync(Stream source, CancellationToken cancellationToken) =>
        WriteAsync(source, long.MaxValue, cancellationToken);

    /// <summary>Writes all that a stream holds, with room for no more than it is expected to hold.</summary>
    /// <param name="source">Read to its end, however much there is; not disposed.</param>
    /// <param name="expectedBytes">How much that may be, at least 0.</param>
    /// <param name="cancellationToken">Stops; fragments sent so far stay until somebody clears them away.</param>
    /// <returns>The stripes in order, each after its fragments were acknowledged.</returns>
    /// <exception cref="ScatterException">Too few nodes took fragments of a stripe.</exception>
    public async IAsyncEnumerable<ScatteredStripe> WriteAsync(
        Stream source, long expectedBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegative(expectedBytes);
        int stripeBytes = (int)Math.Clamp(expectedBytes, 1, _shape.StripeSizeBytes);
        long untilExpected = expectedBytes;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Queue<Task<ScatteredStripe>> underWay = [];
        bool ended = false;
        try
        {
            while (true)
            {
                while (!ended && underWay.Count < StripesAtOnce(stripeBytes))
                {
                    ended = !await TryStartAsync(source, stripeBytes, underWay, stop.Token);
                    untilExpected -= stripeBytes;

                    // Whoever tells less than there is gets larger stripes soon.
                    stripeBytes = untilExpected > 0 ? stripeBytes : Math.Min(_shape.StripeSizeBytes, 2 * stripeBytes);
                }

                if (underWay.Count == 0)
                {
                    yield break;
                }

                yield return await underWay.Dequeue();
            }
        }
        finally
        {
            await stop.CancelAsync();
            await EndAsync(underWay);
        }
    }

    /// <summary>Zeroes its key. May be called twice.</summary>
    public void Dispose() => _sealer.Dispose();

    // The first failure is thrown where it is awaited; the others only must not leave anything behind.
    private async Task EndAsync(Queue<Task<ScatteredStripe>> underWay)
    {
        foreach (Task<ScatteredStripe> stripe in underWay)
        {
            await stripe.ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            if (stripe.IsCompletedSuccessfully)
            {
                ScatteredStripe unasked = await stripe;
                await ClearAwayAsync(_keys.Name(unasked.Entry), unasked.Holders);
            }
        }
    }

    private int StripesAtOnce(int stripeBytes) =>
        (int)Math.Clamp(_options.WindowBytes / _sealer.LayoutOf(stripeBytes).StripeLength, 1, 1024);

    private async Task<bool> TryStartAsync(
        Stream source,
        int stripeBytes,
        Queue<Task<ScatteredStripe>> underWay,
        CancellationToken cancellationToken)
    {
        StripeBuffer? room = _buffers.Rent(_sealer.LayoutOf(stripeBytes).StripeLength);
        try
        {
            Memory<byte> plaintext = room.Memory[..stripeBytes];
            int length = await source.ReadAtLeastAsync(
                plaintext, plaintext.Length, throwOnEndOfStream: false, cancellationToken);
            if (length > 0)
            {
                StripeBuffer taken = room;
                underWay.Enqueue(Task.Run(() => SendAsync(taken, length, cancellationToken), CancellationToken.None));
                room = null;
            }

            return length == stripeBytes;
        }
        finally
        {
            room?.Dispose();
        }
    }

    private async Task<ScatteredStripe> SendAsync(StripeBuffer room, int length, CancellationToken cancellationToken)
    {
        using (room)
        {
            StripeLayout layout = _sealer.LayoutOf(length);
            Memory<byte> stripe = room.Memory[..layout.StripeLength];
            StripeEntry entry = _sealer.Seal(stripe.Span[..length], stripe.Span, _random);
            FragmentLabel first = _keys.LabelOf(entry);
            FragmentId[] ids = [.. first.Siblings.Select(static sibling => sibling.Id)];
            NodeId[][] ranks = _network.Placement.Rank(ids);
            StagingTime stagedAt = StagingTime.Now(_network.Time);
            var puts = new Task<(NodeId? Holder, List<FragmentFault> Faults)>[layout.Fragments];
            for (int i = 0; i < puts.Length; i++)
            {
                ReadOnlyMemory<byte> fragment = stripe.Slice(i * layout.FragmentLength, layout.FragmentLength);
                puts[i] = PutAsync(first.Of(i), fragment, ranks[i], cancellationToken);
            }

            var placed = await PlacedAsync(ids, puts);
            ScatteredStripe result = new(
                entry, [.. placed.Select(put => put.Holder)], [.. placed.SelectMany(put => put.Faults)])
            {
                StagedAt = stagedAt,
            };
            if (ShortageOf(layout, result) is { } shortage)
            {
                await ClearAwayAsync(ids, result.Holders);
                throw shortage;
            }

            return result;
        }
    }

    private async Task<(NodeId? Holder, List<FragmentFault> Faults)[]> PlacedAsync(
        FragmentId[] ids, Task<(NodeId? Holder, List<FragmentFault> Faults)>[] puts)
    {
        try
        {
            return await Task.WhenAll(puts);
        }
        catch
        {
            var holders = new NodeId?[puts.Length];
            for (int i = 0; i < puts.Length; i++)
            {
                holders[i] = puts[i].IsCompletedSuccessfully ? (await puts[i]).Holder : null;
            }

            await ClearAwayAsync(ids, holders);
            throw;
        }
    }

    private async Task<(NodeId? Holder, List<FragmentFault> Faults)> PutAsync(
        FragmentLabel label, ReadOnlyMemory<byte> fragment, NodeId[] rank, CancellationToken cancellationToken)
    {
        List<FragmentFault> faults = [];
        foreach (NodeId node in rank)
        {
            StoreStatus status =
                await _network.PutAsync(node, label, fragment, _options.PutLimit, cancellationToken);
            if (status == StoreStatus.Done)
            {
                return (node, faults);
            }

            faults.Add(new FragmentFault(label.Id, label.Index, node, status));
        }

        return (null, faults);
    }

    // Nobody else knows of them: what a node does not delete now it reclaims by itself. Giving up does not end it.
    private async Task ClearAwayAsync(FragmentId[] ids, IReadOnlyList<NodeId?> holders) =>
        await Task.WhenAll(ids.Zip(holders).Where(place => place.Second is not null).Select(place =>
            _network.DeleteAsync(place.Second!.Value, place.First, _options.PutLimit, CancellationToken.None)));

    private ScatterException? ShortageOf(StripeLayout layout, ScatteredStripe result)
    {
        NodeId[] holders = [.. result.Holders.OfType<NodeId>()];
        int needed = layout.DataFragments + Math.Min(_options.SparesMin, layout.ParityFragments);
        if (holders.Length < needed)
        {
            return new ScatterException(
                $"{holders.Length} of {layout.Fragments} fragments were taken, {needed} are needed.", result.Faults);
        }

        // All on one node would be as good as none spare.
        bool isSpread = needed == layout.DataFragments || _network.Placement.Nodes.Count == 1
            || holders.Distinct().Count() > 1;
        return isSpread
            ? null
            : new ScatterException("Only one node took fragments: its loss would be the stripe's.", result.Faults);
    }
}
