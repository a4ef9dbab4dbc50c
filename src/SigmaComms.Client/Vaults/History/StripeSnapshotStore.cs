using SigmaComms.Vault;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;
using SigmaComms.Vault.Transactions;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Client.Vaults.History;

/// <summary>
/// Keeps snapshots in stripes of the vault itself, sealed with its keys. So that nodes keep them, the stripes are put
/// into a file without a name, which whoever made the snapshot holds.
/// </summary>
internal sealed class StripeSnapshotStore(VaultClientOptions options, VaultUnlocker unlocker) : ISnapshotStore
{
    private const int WritesAtOnce = 4;
    private const int IndexSizeMax = 64 << 20;

    private readonly StripeBuffers _buffers = new();

    /// <summary>The session in which snapshots are made.</summary>
    public VaultSession? Session { get; set; }

    /// <summary>What tells the file of a snapshot from one that was left behind.</summary>
    internal static ReadOnlyMemory<byte> Mark { get; } = "sigma.snapshot"u8.ToArray();

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>> StoreAsync(
        ReadOnlyMemory<byte> snapshot, CancellationToken cancellation)
    {
        VaultSession session = Session!;
        int epoch = session.Keys!.Epoch;
        VaultShape shape = session.Header!.Shape;
        ulong inode = session.NewInode();
        using StripeKeys keys = StripeKeys.Of(session.Keys, epoch);
        using StripeScatter scatter =
            new(shape, keys, options.Storage, _buffers, options.Random, options.Scatter);
        try
        {
            long length = 0;
            StagingTime begun = StagingTime.Now(options.Storage.Time);
            List<StripeEntry> stripes = await WriteAsync(scatter, snapshot, cancellation);
            SnapshotReference reference = new(epoch, IsList: false, stripes);
            List<StripeEntry> all = [.. stripes];
            if (reference.Encode().Length > SnapshotNotice.ReferenceSizeMax)
            {
                stripes = await WriteAsync(scatter, reference.Encode(), cancellation);
                all.AddRange(stripes);
                reference = new(epoch, IsList: true, stripes);
            }

            foreach (StripeEntry[] together in all.Chunk(WritesAtOnce))
            {
                length = await PutAsync(session, inode, length, together, begun, cancellation);
            }

            return length < 0 ? default : reference.Encode();
        }
        catch (ScatterException)
        {
            return default;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>> FetchAsync(
        ReadOnlyMemory<byte> reference, long sizeBytes, CancellationToken cancellation)
    {
        SnapshotReference? read = SnapshotReference.TryDecode(reference.Span);
        if (read is { IsList: true })
        {
            long size = read.Stripes.Sum(stripe => (long)stripe.PlaintextLength);
            ReadOnlyMemory<byte> index = size > IndexSizeMax ? default : await ReadAsync(read, size, cancellation);
            read = SnapshotReference.TryDecode(index.Span);
        }

        return read is null or { IsList: true } ? default : await ReadAsync(read, sizeBytes, cancellation);
    }

    private static async Task<List<StripeEntry>> WriteAsync(
        StripeScatter scatter, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        List<StripeEntry> stripes = [];
        await using MemoryStream source = new(bytes.ToArray());
        await foreach (ScatteredStripe stripe in scatter.WriteAsync(source, ct))
        {
            stripes.Add(stripe.Entry);
        }

        return stripes;
    }

    /// <summary>Puts stripes into the file; the file's length after that, or -1 if it could not be done.</summary>
    private async Task<long> PutAsync(
        VaultSession session,
        ulong inode,
        long length,
        StripeEntry[] stripes,
        StagingTime stagedAt,
        CancellationToken ct)
    {
        if (length < 0)
        {
            return length;
        }

        long now = UnixTime.Of(options.Time.GetUtcNow());
        List<NamespaceOperation> operations = length > 0
            ? []
            : [
                new MakeUnnamed(inode, default, now),
                new SetXattr(inode, Mark, default, XattrMode.Any, now),
            ];
        foreach (StripeEntry stripe in stripes)
        {
            operations.Add(new WriteStripe(inode, length, stripe.PlaintextLength, stripe, now));
            length += stripe.PlaintextLength;
        }

        VaultTransaction transaction = session.Begin();
        transaction.IsOverdue = () => stagedAt.IsOverdue(options.Storage.Time);
        return transaction.TryAddAll(operations) && (await session.CommitAsync(transaction, ct)).Succeeded
            ? length
            : -1;
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(
        SnapshotReference reference, long sizeBytes, CancellationToken ct)
    {
        bool fits = reference.Stripes.Sum(stripe => (long)stripe.PlaintextLength) == sizeBytes
            && sizeBytes <= Array.MaxLength;
        using VaultKeyring? ring = unlocker.KeysUpTo(reference.Epoch);
        if (!fits || ring is null)
        {
            return default;
        }

        using StripeKeys keys = StripeKeys.Of(ring, reference.Epoch);
        using MemoryStream read = new((int)sizeBytes);
        StripeGather gather = new(options.Storage, _buffers, options.Scatter);
        GatherResult result = await gather.CopyToAsync(
            reference.Stripes.Select(stripe => new LockedStripe(stripe, keys)), read, ct);
        return result.Status == GatherStatus.Read ? read.ToArray() : default;
    }
}
