using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults.Files;

/// <summary>Reads files, or ranges of them, as they were at one moment.</summary>
internal sealed class FileReader(VaultCore core)
{
    /// <summary>Reads a range of a file; what is beyond its end is left out.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">How many bytes at most.</param>
    /// <param name="destination">Receives the bytes; not disposed.</param>
    /// <param name="counted">Told of bytes that were given.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>How many bytes were given.</returns>
    public async Task<long> ReadAsync(
        VaultPath path,
        long offset,
        long length,
        Stream destination,
        Action<long> counted,
        CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ReadPlan plan = await PlanAsync(state => Lookup.Find(state, path), path, offset, length, ct);
        await ReadAsync(plan, core.Options.Scatter, destination, counted, ct);
        return plan.Length;
    }

    /// <summary>Plans the reading of a range as the file is now.</summary>
    public async Task<ReadPlan> PlanAsync(
        Func<NamespaceState, ulong> find, VaultPath path, long offset, long length, CancellationToken ct)
    {
        ReadPlan plan = await core.WithSessionAsync(
            async session =>
            {
                await core.FollowAsync(session, ct);
                return PlanOf(session, find(session.State), path, offset, length);
            },
            ct);
        await core.RememberAsync(ct);
        return plan;
    }

    /// <summary>Plans the reading of a whole file as it was when the log was last followed.</summary>
    public Task<ReadPlan> PlanNowAsync(ulong inode, VaultPath path, CancellationToken ct) => core.WithSessionAsync(
        session => Task.FromResult(PlanOf(session, inode, path, 0, long.MaxValue)), ct);

    /// <summary>Reads what was planned.</summary>
    public async Task ReadAsync(
        ReadPlan plan, ScatterOptions bounds, Stream destination, Action<long> counted, CancellationToken ct)
    {
        if (!plan.Inline.IsEmpty)
        {
            await destination.WriteAsync(plan.Inline, ct);
            counted(plan.Inline.Length);
            return;
        }

        await using PieceSink sink = new(plan, destination, counted);
        StripeGather gather = new(core.Options.Storage, core.Buffers, bounds);
        GatherResult result = await gather.CopyToAsync(plan.Pieces.Select(piece => piece.Stripe), sink, ct);
        if (result.Status != GatherStatus.Read)
        {
            throw await WhyAsync(plan, result, ct);
        }

        await sink.EndAsync(ct);
    }

    private ReadPlan PlanOf(VaultSession session, ulong inode, VaultPath path, long offset, long length)
    {
        NamespaceState state = session.State;
        if (!state.TryStat(inode, out InodeStat stat) || stat.Kind != FileKind.Regular)
        {
            throw VaultException.Of(stat.Kind == FileKind.Directory ? Errno.IsDirectory : Errno.Invalid, path);
        }

        long from = Math.Min(offset, stat.Size);
        long there = Math.Min(length, stat.Size - from);
        ReadOnlyMemory<byte> inline = state.ReadInline(inode);
        if (!inline.IsEmpty)
        {
            byte[] content = new byte[stat.Size];
            inline.CopyTo(content);
            inline = content.AsMemory((int)from, (int)there);
        }

        List<ReadPiece> pieces = [];
        foreach (FileExtent extent in there == 0 ? [] : state.ReadExtents(inode, from, there))
        {
            long first = Math.Max(extent.Offset, from);
            long end = Math.Min(extent.Offset + extent.Length, from + there);
            LockedStripe stripe = new(extent.Stripe, core.KeysOf(session, extent.Epoch));
            pieces.Add(new ReadPiece(
                first - from, extent.StripeOffset + (int)(first - extent.Offset), (int)(end - first), stripe));
        }

        return new ReadPlan(path, inode, stat.Version, from, there, inline, pieces);
    }

    // Stripes of a file that was replaced meanwhile may be gone: that is not a loss.
    private async Task<VaultException> WhyAsync(ReadPlan plan, GatherResult result, CancellationToken ct)
    {
        bool changed = await core.LookAsync(
            state => !state.TryStat(plan.Inode, out InodeStat stat) || stat.Version != plan.Version, ct);
        return changed
            ? new VaultException(
                VaultFailure.Changed, $"{plan.Path}: somebody changed the file while it was read. Read it again.")
            : VaultErrors.Of(result, plan.Path);
    }
}
