using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Vault.Namespace;

/// <summary>Writes a state. Byte table: docs/formats/vault-namespace.md.</summary>
internal static class SnapshotWriter
{
    /// <summary>Writes all tables, each in its one order.</summary>
    public static void Write(WireWriter writer, InodeStore store)
    {
        writer.U8(NamespaceSnapshot.FormatVersion).Digest(store.LeaseHolder.Value).U64(store.LeaseEpoch);
        writer.U32((uint)store.Released.Count);
        foreach (StripeId released in store.Released)
        {
            WriteStripeId(writer, released);
        }

        Dictionary<StripeRecord, uint> places = [];
        writer.U32((uint)store.StripeCount);
        foreach (StripeRecord stripe in store.Stripes.OrderBy(stripe => stripe.Entry.Stripe))
        {
            places.Add(stripe, (uint)places.Count);
            writer.U32((uint)stripe.Epoch);
            stripe.Entry.Write(writer);
        }

        writer.U32((uint)store.Count);
        foreach (Inode inode in store.Inodes.OrderBy(inode => inode.Id))
        {
            WriteInode(writer, inode, places);
        }
    }

    internal static void WriteStripeId(WireWriter writer, StripeId id)
    {
        Span<byte> bytes = stackalloc byte[StripeId.SizeBytes];
        id.CopyTo(bytes);
        writer.Fixed(bytes);
    }

    private static void WriteInode(WireWriter writer, Inode inode, Dictionary<StripeRecord, uint> places)
    {
        writer.U64(inode.Id).U8((byte)inode.Kind).U16(inode.Mode).U32(inode.Uid).U32(inode.Gid)
            .U32((uint)inode.Links).U32(inode.Device).U64(inode.Version).U64((ulong)inode.Size)
            .U64(Bits(inode.AccessedAt)).U64(Bits(inode.ModifiedAt)).U64(Bits(inode.ChangedAt))
            .U64(Bits(inode.CreatedAt));
        switch (inode.Content)
        {
            case DirectoryTable table:
                writer.U8((byte)ContentForm.Directory);
                WriteDirectory(writer, table);
                break;
            case byte[] inline:
                writer.U8((byte)ContentForm.Inline).Opaque16(inline);
                break;
            case ExtentMap extents:
                writer.U8((byte)ContentForm.Extents).U32((uint)extents.Count);
                foreach (Extent extent in extents.All())
                {
                    writer.U64((ulong)extent.Offset).U32((uint)extent.Length).U32((uint)extent.StripeOffset)
                        .U32(places[extent.Stripe]);
                }

                break;
            default:
                writer.U8((byte)ContentForm.None);
                break;
        }

        WriteExtras(writer, inode.Extras ?? InodeExtras.Empty);
    }

    private static void WriteDirectory(WireWriter writer, DirectoryTable table)
    {
        writer.U64(table.Parent).U64(table.NextCookie).U32((uint)table.Count);
        foreach (DirectoryItem item in table.From(0))
        {
            writer.U64(item.Cookie).U64(item.Inode).Opaque8(item.Name.Bytes);
        }
    }

    private static void WriteExtras(WireWriter writer, InodeExtras extras)
    {
        writer.U16((ushort)extras.Xattrs.Length);
        foreach (Xattr xattr in extras.Xattrs)
        {
            writer.Opaque8(xattr.Name).Opaque16(xattr.Value);
        }

        writer.U16((ushort)extras.Locks.Length);
        foreach (FileLock held in extras.Locks)
        {
            writer.U8((byte)held.Space).Digest(held.Writer.Value).U64(held.Owner)
                .U64((ulong)held.First).U64((ulong)held.Last).U8((byte)held.Kind);
        }

        writer.U16((ushort)extras.Holders.Length);
        foreach (NodeId holder in extras.Holders)
        {
            writer.Digest(holder.Value);
        }
    }

    private static ulong Bits(long value) => unchecked((ulong)value);
}
