using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Vault.Namespace;

/// <summary>
/// Reads a state from untrusted bytes. Whoever wrote it held the vault key, and may still be wrong: every table is
/// checked against the others.
/// </summary>
internal static class SnapshotReader
{
    private const int InodeSizeMin = 76;

    /// <summary>Reads a state; null if it is none.</summary>
    public static InodeStore? Read(ref WireReader reader)
    {
        InodeStore store = new();
        bool known = reader.U8() == NamespaceSnapshot.FormatVersion;
        store.SetLease(new NodeId(reader.Digest()), reader.U64());
        List<StripeId>? released = ReadReleased(ref reader);
        List<StripeRecord>? stripes = known && released is not null ? ReadStripes(ref reader, store) : null;
        if (stripes is null)
        {
            return null;
        }

        foreach (StripeId id in released!)
        {
            if (store.FindStripe(id) is not null)
            {
                return null;
            }

            store.Release(id);
        }

        return ReadInodes(ref reader, store, stripes) && SnapshotRules.Hold(store) ? store : null;
    }

    private static List<StripeId>? ReadReleased(ref WireReader reader)
    {
        uint count = reader.U32();
        List<StripeId> released = [];
        for (uint i = 0; i < count && !reader.Failed; i++)
        {
            ReadOnlySpan<byte> bytes = reader.Fixed(StripeId.SizeBytes);
            if (reader.Failed || (i > 0 && new StripeId(bytes) <= released[^1]))
            {
                return null;
            }

            released.Add(new StripeId(bytes));
        }

        return reader.Failed ? null : released;
    }

    private static List<StripeRecord>? ReadStripes(ref WireReader reader, InodeStore store)
    {
        uint count = reader.U32();
        List<StripeRecord> stripes = [];
        for (uint i = 0; i < count && !reader.Failed; i++)
        {
            uint epoch = reader.U32();
            StripeEntry? entry = StripeEntry.Read(ref reader);
            bool valid = entry is not null && epoch is >= 1 and <= Keys.VaultKeyring.EpochsMax
                && (i == 0 || entry.Stripe > stripes[^1].Entry.Stripe);
            if (!valid)
            {
                return null;
            }

            stripes.Add(store.AddStripe(entry!, (int)epoch));
        }

        return reader.Failed ? null : stripes;
    }

    private static bool ReadInodes(ref WireReader reader, InodeStore store, List<StripeRecord> stripes)
    {
        uint count = reader.U32();
        ulong last = 0;
        if (count > NamespaceLimits.InodesMax || count > reader.Remaining / InodeSizeMin)
        {
            return false;
        }

        for (uint i = 0; i < count; i++)
        {
            Inode? inode = ReadInode(ref reader, store, stripes);
            if (inode is null || inode.Id <= last)
            {
                return false;
            }

            last = inode.Id;
            store.Add(inode);
            InodeExtras extras = inode.Extras ?? InodeExtras.Empty;
            foreach (NodeId writer in extras.Holders.Concat(extras.Locks.Select(held => held.Writer)))
            {
                store.SetExtras(inode, extras, writer);
            }
        }

        return true;
    }

    private static Inode? ReadInode(ref WireReader reader, InodeStore store, List<StripeRecord> stripes)
    {
        Inode inode = new()
        {
            Id = reader.U64(),
            Kind = (FileKind)reader.U8(),
            Mode = reader.U16(),
            Uid = reader.U32(),
            Gid = reader.U32(),
            Links = unchecked((int)reader.U32()),
            Device = reader.U32(),
            Version = reader.U64(),
            Size = Number(ref reader),
            AccessedAt = Number(ref reader),
            ModifiedAt = Number(ref reader),
            ChangedAt = Number(ref reader),
            CreatedAt = Number(ref reader),
        };
        switch ((ContentForm)reader.U8())
        {
            case ContentForm.None:
                break;
            case ContentForm.Inline:
                inode.Content = reader.Opaque16(NamespaceLimits.TargetSizeMax).ToArray();
                break;
            case ContentForm.Extents:
                inode.Content = ReadExtents(ref reader, store, stripes);
                break;
            case ContentForm.Directory:
                inode.Content = ReadDirectory(ref reader);
                break;
            default:
                reader.Fail();
                break;
        }

        inode.Extras = ReadExtras(ref reader).OrNull;
        return reader.Failed ? null : inode;
    }

    private static ExtentMap? ReadExtents(ref WireReader reader, InodeStore store, List<StripeRecord> stripes)
    {
        uint count = reader.U32();
        List<Extent> extents = [];
        long end = 0;
        for (uint i = 0; i < count && !reader.Failed; i++)
        {
            long offset = Number(ref reader);
            (uint length, uint stripeOffset, uint place) = (reader.U32(), reader.U32(), reader.U32());
            bool valid = !reader.Failed && place < stripes.Count && length > 0
                && (ulong)length + stripeOffset <= (ulong)stripes[(int)place].Entry.PlaintextLength
                && offset >= end && offset <= NamespaceLimits.FileSizeMax - length;
            if (!valid)
            {
                reader.Fail();
                return null;
            }

            StripeRecord stripe = stripes[(int)place];
            extents.Add(new Extent(offset, (int)length, (int)stripeOffset, stripe));
            store.Reference(stripe);
            end = offset + length;
        }

        if (count == 0)
        {
            reader.Fail();
        }

        return ExtentMap.Of(extents);
    }

    private static DirectoryTable ReadDirectory(ref WireReader reader)
    {
        DirectoryTable table = new(reader.U64());
        ulong next = reader.U64();
        uint count = reader.U32();
        ulong last = DirectoryTable.FirstCookie - 1;
        for (uint i = 0; i < count && !reader.Failed; i++)
        {
            ulong cookie = reader.U64();
            ulong inode = reader.U64();
            EntryName name = EntryName.Read(ref reader);
            if (reader.Failed || cookie <= last || cookie >= next || table.Find(name.Bytes).Inode != 0 || inode == 0)
            {
                reader.Fail();
                return table;
            }

            last = cookie;
            table.AddStored(name.Array, inode, cookie);
        }

        if (next < DirectoryTable.FirstCookie)
        {
            reader.Fail();
        }

        table.NextCookie = next;
        return table;
    }

    private static InodeExtras ReadExtras(ref WireReader reader)
    {
        List<Xattr> xattrs = [];
        for (int count = reader.U16(); xattrs.Count < count && !reader.Failed;)
        {
            xattrs.Add(new Xattr(
                reader.Opaque8().ToArray(), reader.Opaque16(NamespaceLimits.XattrValueSizeMax).ToArray()));
        }

        List<FileLock> locks = [];
        int lockCount = reader.U16();
        if (lockCount > NamespaceLimits.LocksMax)
        {
            reader.Fail();
        }

        for (int count = lockCount; locks.Count < count && !reader.Failed;)
        {
            locks.Add(new FileLock(
                (LockSpace)reader.U8(),
                new NodeId(reader.Digest()),
                reader.U64(),
                Number(ref reader),
                Number(ref reader),
                (LockKind)reader.U8()));
        }

        List<NodeId> holders = [];
        for (int count = reader.U16(); holders.Count < count && !reader.Failed;)
        {
            holders.Add(new NodeId(reader.Digest()));
        }

        return new InodeExtras([.. xattrs], [.. locks], [.. holders]);
    }

    private static long Number(ref WireReader reader) => unchecked((long)reader.U64());
}
