using SigmaComms.Cryptography;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Vault.Namespace;

/// <summary>
/// One change of a namespace, or one condition of it. Inodes have numbers that whoever makes them draws at random, so
/// that a batch can use what it makes. Times are nanoseconds since 1970, from the writer's clock. Byte table:
/// docs/formats/vault-namespace.md.
/// </summary>
public abstract record NamespaceOperation
{
    private NamespaceOperation()
    {
    }

    /// <summary>Makes a file, directory, pipe, socket or device.</summary>
    /// <param name="Parent">The directory.</param>
    /// <param name="Name">The name in it.</param>
    /// <param name="Inode">The new inode's number.</param>
    /// <param name="Kind">Anything but a symbolic link.</param>
    /// <param name="Owner">Permissions, owner and group.</param>
    /// <param name="Device">The device's number, else 0.</param>
    /// <param name="At">Now.</param>
    public sealed record Make(
        ulong Parent, EntryName Name, ulong Inode, FileKind Kind, Ownership Owner, uint Device, long At)
        : NamespaceOperation;

    /// <summary>Makes a symbolic link.</summary>
    /// <param name="Parent">The directory.</param>
    /// <param name="Name">The name in it.</param>
    /// <param name="Inode">The new inode's number.</param>
    /// <param name="Target">Where it points: 1 to 4,095 bytes without NUL.</param>
    /// <param name="Owner">Permissions, owner and group.</param>
    /// <param name="At">Now.</param>
    public sealed record MakeSymlink(
        ulong Parent, EntryName Name, ulong Inode, ReadOnlyMemory<byte> Target, Ownership Owner, long At)
        : NamespaceOperation;

    /// <summary>Makes a file without a name, held by the writer (O_TMPFILE).</summary>
    /// <param name="Inode">The new inode's number.</param>
    /// <param name="Owner">Permissions, owner and group.</param>
    /// <param name="At">Now.</param>
    public sealed record MakeUnnamed(ulong Inode, Ownership Owner, long At) : NamespaceOperation;

    /// <summary>Gives a file another name.</summary>
    /// <param name="Inode">The file.</param>
    /// <param name="Parent">The directory.</param>
    /// <param name="Name">The name in it.</param>
    /// <param name="At">Now.</param>
    public sealed record Link(ulong Inode, ulong Parent, EntryName Name, long At) : NamespaceOperation;

    /// <summary>Takes a name from a file; without names and holders it is gone.</summary>
    /// <param name="Parent">The directory.</param>
    /// <param name="Name">The name in it.</param>
    /// <param name="At">Now.</param>
    public sealed record Unlink(ulong Parent, EntryName Name, long At) : NamespaceOperation;

    /// <summary>Removes an empty directory.</summary>
    /// <param name="Parent">The directory that has it.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="At">Now.</param>
    public sealed record RemoveDirectory(ulong Parent, EntryName Name, long At) : NamespaceOperation;

    /// <summary>Moves a name.</summary>
    /// <param name="Parent">The directory.</param>
    /// <param name="Name">The name in it.</param>
    /// <param name="NewParent">The directory it goes to.</param>
    /// <param name="NewName">The name it gets.</param>
    /// <param name="Mode">What becomes of a taken name.</param>
    /// <param name="At">Now.</param>
    public sealed record Rename(
        ulong Parent, EntryName Name, ulong NewParent, EntryName NewName, RenameMode Mode, long At)
        : NamespaceOperation;

    /// <summary>Sets attributes.</summary>
    /// <param name="Inode">The inode.</param>
    /// <param name="Fields">Which; the others are ignored and 0.</param>
    /// <param name="Owner">Permissions, owner and group.</param>
    /// <param name="AccessedAt">When it was read.</param>
    /// <param name="ModifiedAt">When its content changed.</param>
    /// <param name="At">Now.</param>
    public sealed record SetAttributes(
        ulong Inode, AttributeFields Fields, Ownership Owner, long AccessedAt, long ModifiedAt, long At)
        : NamespaceOperation;

    /// <summary>Cuts a file, or lengthens it by a hole.</summary>
    /// <param name="Inode">The file.</param>
    /// <param name="Size">Its new size.</param>
    /// <param name="At">Now.</param>
    public sealed record Truncate(ulong Inode, long Size, long At) : NamespaceOperation;

    /// <summary>Puts the first bytes of a new stripe into a file.</summary>
    /// <param name="Inode">The file.</param>
    /// <param name="Offset">Where.</param>
    /// <param name="Length">How many bytes of the stripe.</param>
    /// <param name="Stripe">The stripe, never used before.</param>
    /// <param name="At">Now.</param>
    public sealed record WriteStripe(ulong Inode, long Offset, int Length, StripeEntry Stripe, long At)
        : NamespaceOperation;

    /// <summary>Makes the whole content of a small file.</summary>
    /// <param name="Inode">The file.</param>
    /// <param name="Content">At most 2 KiB.</param>
    /// <param name="At">Now.</param>
    public sealed record WriteInline(ulong Inode, ReadOnlyMemory<byte> Content, long At) : NamespaceOperation;

    /// <summary>Makes a range of a file read as zeros; its size stays.</summary>
    /// <param name="Inode">The file.</param>
    /// <param name="Offset">Where.</param>
    /// <param name="Length">How many bytes.</param>
    /// <param name="At">Now.</param>
    public sealed record PunchHole(ulong Inode, long Offset, long Length, long At) : NamespaceOperation;

    /// <summary>Lets a range of a file share the stripes of another range.</summary>
    /// <param name="Source">The file it comes from.</param>
    /// <param name="SourceOffset">Where.</param>
    /// <param name="Inode">The file it goes to.</param>
    /// <param name="Offset">Where.</param>
    /// <param name="Length">How many bytes; the source has them all.</param>
    /// <param name="At">Now.</param>
    public sealed record CloneRange(
        ulong Source, long SourceOffset, ulong Inode, long Offset, long Length, long At) : NamespaceOperation;

    /// <summary>Sets an extended attribute.</summary>
    /// <param name="Inode">The inode.</param>
    /// <param name="Name">1 to 255 bytes without NUL.</param>
    /// <param name="Value">At most 16 KiB.</param>
    /// <param name="Mode">Whether it may be there.</param>
    /// <param name="At">Now.</param>
    public sealed record SetXattr(
        ulong Inode, ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> Value, XattrMode Mode, long At)
        : NamespaceOperation;

    /// <summary>Removes an extended attribute.</summary>
    /// <param name="Inode">The inode.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="At">Now.</param>
    public sealed record RemoveXattr(ulong Inode, ReadOnlyMemory<byte> Name, long At) : NamespaceOperation;

    /// <summary>Locks a range for an owner on the writer's mount, changes the lock, or frees it.</summary>
    /// <param name="Inode">The file.</param>
    /// <param name="Space">The family.</param>
    /// <param name="Owner">The owner.</param>
    /// <param name="First">The first byte.</param>
    /// <param name="Last">The last byte.</param>
    /// <param name="Kind">None frees it.</param>
    public sealed record SetLock(ulong Inode, LockSpace Space, ulong Owner, long First, long Last, LockKind Kind)
        : NamespaceOperation;

    /// <summary>Keeps an inode for the writer, who has it open, when it loses its last name.</summary>
    /// <param name="Inode">The inode.</param>
    public sealed record Hold(ulong Inode) : NamespaceOperation;

    /// <summary>Ends a hold.</summary>
    /// <param name="Inode">The inode.</param>
    public sealed record Release(ulong Inode) : NamespaceOperation;

    /// <summary>Ends all holds and locks of a writer: itself after a crash, or one that is gone for good.</summary>
    /// <param name="Writer">The writer.</param>
    public sealed record ReleaseWriter(NodeId Writer) : NamespaceOperation;

    /// <summary>Fails unless a name is that of an inode.</summary>
    /// <param name="Parent">The directory.</param>
    /// <param name="Name">The name in it.</param>
    /// <param name="Inode">The inode, or 0 if the name has to be free.</param>
    public sealed record RequireEntry(ulong Parent, EntryName Name, ulong Inode) : NamespaceOperation;

    /// <summary>Fails unless an inode is as it was.</summary>
    /// <param name="Inode">The inode.</param>
    /// <param name="Version">Its version.</param>
    public sealed record RequireVersion(ulong Inode, ulong Version) : NamespaceOperation;

    /// <summary>Takes the write lease, which fences off whoever had it.</summary>
    /// <param name="Epoch">The lease's epoch as the writer knows it; it becomes the next.</param>
    public sealed record TakeLease(ulong Epoch) : NamespaceOperation;

    /// <summary>Fails unless the writer has the write lease of an epoch.</summary>
    /// <param name="Epoch">The epoch.</param>
    public sealed record RequireLease(ulong Epoch) : NamespaceOperation;
}
