using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Vault.Namespace;

/// <summary>Operations on the content of files. Each checks all before it changes anything.</summary>
internal static class ContentOperations
{
    /// <summary>Cuts a file, or lengthens it by a hole.</summary>
    public static Errno Apply(InodeStore store, Truncate op)
    {
        Errno error = CheckFile(store, op.Inode, out Inode? file);
        if (error != Errno.None)
        {
            return error;
        }

        Change(store, file!, op.At);
        if (op.Size < file!.Size)
        {
            Cut(store, file, op.Size);
        }

        file.Size = op.Size;
        return Errno.None;
    }

    /// <summary>Puts a new stripe into a file.</summary>
    public static Errno Apply(InodeStore store, WriteStripe op, int epoch)
    {
        Errno error = CheckFile(store, op.Inode, out Inode? file);
        if (error != Errno.None)
        {
            return error;
        }

        if (store.FindStripe(op.Stripe.Stripe) is not null)
        {
            return Errno.Exists;
        }

        // What lives in the namespace is replaced whole, or not at all.
        if (file!.Content is byte[] inline && (op.Offset > 0 || op.Length < inline.Length))
        {
            return Errno.NotSupported;
        }

        Change(store, file, op.At);
        StripeRecord stripe = store.AddStripe(op.Stripe, epoch);
        Put(store, file, op.Offset, op.Offset + op.Length, [new Extent(op.Offset, op.Length, 0, stripe)]);
        file.Size = Math.Max(file.Size, op.Offset + op.Length);
        return Errno.None;
    }

    /// <summary>Makes the whole content of a small file.</summary>
    public static Errno Apply(InodeStore store, WriteInline op)
    {
        Errno error = CheckFile(store, op.Inode, out Inode? file);
        if (error != Errno.None)
        {
            return error;
        }

        Change(store, file!, op.At);
        Cut(store, file!, 0);
        file!.Content = op.Content.Length == 0 ? null : op.Content.ToArray();
        file.Size = op.Content.Length;
        return Errno.None;
    }

    /// <summary>Makes a range read as zeros.</summary>
    public static Errno Apply(InodeStore store, PunchHole op)
    {
        Errno error = CheckFile(store, op.Inode, out Inode? file);
        if (error != Errno.None)
        {
            return error;
        }

        Change(store, file!, op.At);
        long end = op.Offset + op.Length;
        if (file!.Content is byte[] inline)
        {
            byte[] holed = [.. inline];
            int from = (int)Math.Min(op.Offset, holed.Length);
            holed.AsSpan(from, (int)Math.Min(end, holed.Length) - from).Clear();
            file.Content = holed;
        }
        else
        {
            Put(store, file, op.Offset, end, []);
        }

        return Errno.None;
    }

    /// <summary>Lets a range share the stripes of another.</summary>
    public static Errno Apply(InodeStore store, CloneRange op)
    {
        Errno error = CheckFile(store, op.Source, out Inode? source);
        if (error != Errno.None)
        {
            return error;
        }

        error = CheckFile(store, op.Inode, out Inode? file);
        if (error != Errno.None)
        {
            return error;
        }

        if (source!.Content is byte[] || file!.Content is byte[])
        {
            return Errno.NotSupported;
        }

        long sourceEnd = op.SourceOffset + op.Length;
        bool overlap = source == file && op.SourceOffset < op.Offset + op.Length && op.Offset < sourceEnd;
        if (sourceEnd > source.Size || overlap)
        {
            return Errno.Invalid;
        }

        Extent[] shared = [];
        if (source.Content is ExtentMap extents)
        {
            long shift = op.Offset - op.SourceOffset;
            shared =
            [
                .. extents.In(op.SourceOffset, sourceEnd)
                    .Select(extent => extent.Offset < op.SourceOffset ? extent.From(op.SourceOffset) : extent)
                    .Select(extent => extent.End > sourceEnd ? extent.Before(sourceEnd) : extent)
                    .Select(extent => extent with { Offset = extent.Offset + shift }),
            ];
        }

        Change(store, file, op.At);
        Put(store, file, op.Offset, op.Offset + op.Length, shared);
        file.Size = Math.Max(file.Size, op.Offset + op.Length);
        return Errno.None;
    }

    private static Errno CheckFile(InodeStore store, ulong id, out Inode? file)
    {
        file = store.Find(id);
        return file?.Kind switch
        {
            null => Errno.NotFound,
            FileKind.Regular => Errno.None,
            FileKind.Directory => Errno.IsDirectory,
            _ => Errno.Invalid,
        };
    }

    private static void Change(InodeStore store, Inode file, long at)
    {
        store.Touch(file);
        file.ModifiedAt = at;
        file.ChangedAt = at;
    }

    private static void Cut(InodeStore store, Inode file, long size)
    {
        if (file.Content is byte[] inline)
        {
            int kept = (int)Math.Min(size, inline.Length);
            file.Content = kept == 0 ? null : inline[..kept];
        }
        else
        {
            Put(store, file, size, long.MaxValue, []);
        }
    }

    private static void Put(InodeStore store, Inode file, long offset, long end, ReadOnlySpan<Extent> put)
    {
        List<Extent> removed = [];
        List<Extent> added = [];
        file.Content = ExtentMap.Replace(file.Content as ExtentMap, offset, end, put, removed, added);

        // First what came, so that a stripe of which a rest stays is never without a reference.
        foreach (Extent extent in added)
        {
            store.Reference(extent.Stripe);
        }

        foreach (Extent extent in removed)
        {
            store.Unreference(extent.Stripe);
        }
    }
}
