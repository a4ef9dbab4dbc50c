using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Client.Vaults.Mounting;

/// <summary>Where the bytes of a range are, as the namespace has it.</summary>
internal readonly record struct ReadBase(
    Errno Error,
    int Count,
    ReadOnlyMemory<byte> Inline,
    IReadOnlyList<(int At, int From, int Length, LockedStripe Stripe)> Pieces)
{
    /// <summary>Plans a read; the caller holds the state's gate.</summary>
    /// <param name="state">The state.</param>
    /// <param name="core">The vault's keys.</param>
    /// <param name="inode">The file.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">How many bytes at most.</param>
    /// <param name="size">The file's size where the namespace does not know it yet, else -1.</param>
    public static ReadBase Of(
        NamespaceState state, VaultCore core, ulong inode, long offset, int length, long size)
    {
        if (!state.TryStat(inode, out InodeStat stat) || stat.Kind != FileKind.Regular)
        {
            Errno why = stat.Kind == FileKind.Directory ? Errno.IsDirectory : Errno.Stale;
            return new ReadBase(why, 0, default, []);
        }

        long end = Math.Min(size >= 0 ? size : stat.Size, offset + length);
        int count = (int)Math.Max(0, end - offset);
        ReadOnlyMemory<byte> inline = state.ReadInline(inode);
        if (count == 0 || !inline.IsEmpty)
        {
            int from = (int)Math.Min(offset, inline.Length);
            return new ReadBase(
                Errno.None, count, inline.Slice(from, Math.Min(count, inline.Length - from)).ToArray(), []);
        }

        List<(int At, int From, int Length, LockedStripe Stripe)> pieces = [];
        foreach (FileExtent extent in state.ReadExtents(inode, offset, count))
        {
            long first = Math.Max(extent.Offset, offset);
            long last = Math.Min(extent.Offset + extent.Length, end);
            LockedStripe stripe = new(extent.Stripe, core.KeysOf(core.Session, extent.Epoch));
            pieces.Add((
                (int)(first - offset),
                extent.StripeOffset + (int)(first - extent.Offset),
                (int)(last - first),
                stripe));
        }

        return new ReadBase(Errno.None, count, default, pieces);
    }
}
