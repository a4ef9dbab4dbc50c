using Microsoft.Extensions.Logging;
using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Cluster.Storage.Buckets;

/// <summary>Keeps a node's fragments in a bucket of an S3 service, an object for each.</summary>
/// <remarks>
/// The bucket's owner is trusted with nothing but keeping bytes: labels are sealed, and what comes back is verified
/// before it is given out. The same owner can drop objects or put back deleted ones; the first is noticed like a failed
/// disk, the second does no harm. Safe to call from any thread.
/// </remarks>
/// <standard>docs/formats/bucket-object.md.</standard>
internal sealed class BucketFragmentStore : IFragmentStore, IDisposable
{
    /// <summary>The heads of common stripes and more; a longer head costs a second request.</summary>
    internal const int HeadGuessBytes = 8 << 10;

    // A part that ends within so many bytes comes along with the head, in one request.
    private const int AlongMaxBytes = 1 << 20;

    private readonly BucketClient _client;
    private readonly ObjectSealer _sealer;
    private readonly string _bucket;
    private readonly ILogger _logger;
    private volatile bool _isUnconditional;

    /// <summary>Opens a bucket; nothing is sent yet.</summary>
    /// <param name="options">The bucket.</param>
    /// <param name="sealer">Seals labels; disposed with this.</param>
    /// <param name="time">Limits requests.</param>
    /// <param name="logger">Where trouble is told.</param>
    /// <exception cref="ClusterException">An option is out of its range.</exception>
    public BucketFragmentStore(BucketOptions options, ObjectSealer sealer, TimeProvider time, ILogger logger)
    {
        options.Validate();
        _sealer = sealer;
        _bucket = options.Name;
        _logger = logger;
        _client = new BucketClient(options, time, logger);
        logger.BucketChosen(options.Name, options.Endpoint!.GetLeftPart(UriPartial.Authority));
        if (options.Endpoint.Scheme == Uri.UriSchemeHttp && !options.Endpoint.IsLoopback)
        {
            logger.BucketWithoutTls(options.Name);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<StoreStatus> PutAsync(
        FragmentLabel label, ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(label);
        cancellationToken.ThrowIfCancellationRequested();
        if (fragment.Length != label.Length)
        {
            return StoreStatus.Refused;
        }

        byte[] digests = new byte[FragmentTree.BlockCount(fragment.Length) * Digest.SizeBytes];
        FragmentTree.HashBlocks(fragment.Span, digests);
        if (FragmentTree.Root(digests) != label.Root)
        {
            return StoreStatus.Refused;
        }

        StoreStatus kept = await CheckKeptAsync(label, cancellationToken);
        byte[] head = _sealer.Seal(label, digests);
        if (kept == StoreStatus.NotFound && !_isUnconditional)
        {
            BucketAnswer answer = await _client.WriteAsync(label.Id, head, fragment, isNew: true, cancellationToken);
            if (answer != BucketAnswer.Taken && answer != BucketAnswer.Unconditional)
            {
                return Outcome(answer);
            }

            _isUnconditional |= answer == BucketAnswer.Unconditional;
            kept = answer == BucketAnswer.Taken ? await CheckKeptAsync(label, cancellationToken) : kept;
        }

        // What is damaged is written again: whoever brings the right bytes repairs it.
        return kept is StoreStatus.NotFound or StoreStatus.Corrupt
            ? Outcome(await _client.WriteAsync(label.Id, head, fragment, isNew: false, cancellationToken))
            : kept;
    }

    /// <inheritdoc/>
    public async ValueTask<StoreStatus> GetAsync(
        FragmentId id, int offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        long end = (long)offset + destination.Length;
        using FoundObject found = await FindAsync(id, end, cancellationToken);
        if (found.Head is not { } head)
        {
            return found.Status;
        }

        if (end > head.Label.Length)
        {
            return StoreStatus.Refused;
        }

        if (destination.IsEmpty)
        {
            return StoreStatus.Done;
        }

        int first = offset / FragmentTree.BlockSize;
        int from = first * FragmentTree.BlockSize;
        int to = (int)Math.Min(RoundUp(end), head.Label.Length);
        if (found.Body.Length >= to)
        {
            return Give(head, first, found.Body[from..to], offset - from, destination);
        }

        using ObjectPart part = await _client.ReadAsync(id, head.SizeBytes + from, to - from, cancellationToken);
        return part.Status == StoreStatus.Done
            ? Give(head, first, part.Bytes, offset - from, destination)
            : part.Status;
    }

    /// <inheritdoc/>
    public async ValueTask<(StoreStatus Status, FragmentLabel? Label)> DescribeAsync(
        FragmentId id, CancellationToken cancellationToken)
    {
        using FoundObject found = await FindAsync(id, 0, cancellationToken);
        return (found.Status, found.Head?.Label);
    }

    /// <inheritdoc/>
    public async ValueTask<StoreStatus> DeleteAsync(FragmentId id, CancellationToken cancellationToken)
    {
        // The service says the same whether there was anything, so it is asked before.
        using ObjectPart any = await _client.ReadAsync(id, 0, 1, cancellationToken);
        return any.Status is StoreStatus.Done or StoreStatus.Corrupt
            ? (await _client.DeleteAsync(id, cancellationToken)).Status
            : any.Status;
    }

    /// <summary>Lists fragments in ascending order of their ids.</summary>
    /// <param name="after">The one to go on after; null for the first.</param>
    /// <param name="countMax">How many at most, 1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<BucketPage> ListAsync(FragmentId? after, int countMax, CancellationToken cancellationToken) =>
        _client.ListAsync(after, countMax, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _sealer.Dispose();
    }

    // NotFound or Corrupt: it is to be written. Done: it is there whole.
    private async ValueTask<StoreStatus> CheckKeptAsync(FragmentLabel label, CancellationToken cancellationToken)
    {
        using FoundObject found = await FindAsync(label.Id, 0, cancellationToken);
        if (found.Head is not { } head)
        {
            return found.Status;
        }

        using ObjectPart body = await _client.ReadAsync(label.Id, head.SizeBytes, label.Length, cancellationToken);
        bool isRight = body.Bytes.Length == label.Length && IsRight(head, 0, body.Bytes.Span);
        return body.Status == StoreStatus.Done && !isRight ? StoreStatus.Corrupt : body.Status;
    }

    private async ValueTask<FoundObject> FindAsync(FragmentId id, long end, CancellationToken cancellationToken)
    {
        int along = end <= AlongMaxBytes ? (int)RoundUp(end) : 0;
        ObjectPart start = await _client.ReadAsync(id, 0, HeadGuessBytes + along, cancellationToken);
        if (start.Status != StoreStatus.Done)
        {
            return new FoundObject(Damaged(id, start.Status), null, start);
        }

        if (!ObjectSealer.TryReadSize(start.Bytes.Span, out int sizeBytes))
        {
            return new FoundObject(Damaged(id, StoreStatus.Corrupt), null, start);
        }

        if (sizeBytes <= start.Bytes.Length)
        {
            return Open(id, start.Bytes.Span[..sizeBytes], start);
        }

        using ObjectPart longer = start;
        ObjectPart whole = await _client.ReadAsync(id, 0, sizeBytes, cancellationToken);
        return whole.Status == StoreStatus.Done
            ? Open(id, whole.Bytes.Span, whole)
            : new FoundObject(Damaged(id, whole.Status), null, whole);
    }

    private FoundObject Open(FragmentId id, ReadOnlySpan<byte> bytes, ObjectPart start) =>
        _sealer.TryOpen(id, bytes, out ObjectHead? head) && head.ObjectSizeBytes == start.ObjectSizeBytes
            ? new FoundObject(StoreStatus.Done, head, start)
            : new FoundObject(Damaged(id, StoreStatus.Corrupt), null, start);

    private StoreStatus Give(
        ObjectHead head, int first, ReadOnlyMemory<byte> blocks, int skip, Memory<byte> destination)
    {
        if (!IsRight(head, first, blocks.Span) || blocks.Length < skip + destination.Length)
        {
            return Damaged(head.Label.Id, StoreStatus.Corrupt);
        }

        blocks.Span.Slice(skip, destination.Length).CopyTo(destination.Span);
        return StoreStatus.Done;
    }

    private StoreStatus Damaged(FragmentId id, StoreStatus status)
    {
        if (status == StoreStatus.Corrupt)
        {
            _logger.ObjectDamaged(id.ToString(), _bucket);
        }

        return status;
    }

    // The head's digests belong to the label's root; the blocks have to be those of the digests.
    private static bool IsRight(ObjectHead head, int first, ReadOnlySpan<byte> blocks)
    {
        if (blocks.IsEmpty)
        {
            return false;
        }

        byte[] digests = new byte[FragmentTree.BlockCount(blocks.Length) * Digest.SizeBytes];
        FragmentTree.HashBlocks(blocks, digests);
        int at = first * Digest.SizeBytes;
        return head.Digests.Length - at >= digests.Length
            && head.Digests.Span.Slice(at, digests.Length).SequenceEqual(digests);
    }

    private static StoreStatus Outcome(BucketAnswer answer) =>
        answer == BucketAnswer.Taken ? StoreStatus.Unreachable : answer.Status;

    private static long RoundUp(long bytes) =>
        (bytes + FragmentTree.BlockSize - 1) / FragmentTree.BlockSize * FragmentTree.BlockSize;
}
