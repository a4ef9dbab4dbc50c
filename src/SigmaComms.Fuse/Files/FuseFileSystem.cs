using SigmaComms.Fuse.Session;

namespace SigmaComms.Fuse.Files;

/// <summary>
/// What the kernel asks of a filesystem. An operation that is not overridden answers ENOSYS, upon which the kernel
/// does without it where it can.
/// </summary>
/// <remarks>
/// <para>Methods are called on the threads that read from the kernel, several at a time. One that can answer from
/// memory does so at once, with a finished task; one that must wait returns a task that is not finished, and never
/// blocks the thread. Nothing may touch the mount itself.</para>
/// <para>The request, names, bytes to write and room for what is read belong to the session and are valid until the
/// returned task has ended, not longer. An exception is answered as EIO.</para>
/// <para>Names are bytes: 1 to 255, without slash or zero. "." and ".." are looked up only if the options say that
/// nodes are findable; nothing else is asked of them.</para>
/// </remarks>
public abstract class FuseFileSystem
{
    private static ValueTask<FuseResult<NodeEntry>> NoEntryAnswer => new(Errno.NotImplemented);

    private static ValueTask<Errno> No => new(Errno.NotImplemented);

    /// <summary>Finds a name. Number 0 or ENOENT if there is none.</summary>
    public abstract ValueTask<FuseResult<NodeEntry>> LookupAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name);

    /// <summary>The kernel knows a node fewer times than before; at none, the node may be dropped. No answer.</summary>
    public abstract void Forget(NodeId node, ulong times);

    /// <summary>Attributes.</summary>
    public abstract ValueTask<FuseResult<AttributesReply>> GetAttributesAsync(
        FuseRequest request, NodeId node, FileHandle? handle);

    /// <summary>Changes attributes and answers the new ones.</summary>
    public virtual ValueTask<FuseResult<AttributesReply>> SetAttributesAsync(
        FuseRequest request, NodeId node, AttributeChange change) => new(Errno.NotImplemented);

    /// <summary>Puts the target of a symbolic link into the room given and answers its length.</summary>
    public virtual ValueTask<FuseResult<int>> ReadLinkAsync(FuseRequest request, NodeId node, Memory<byte> target) =>
        new(Errno.Invalid);

    /// <summary>Makes a symbolic link.</summary>
    public virtual ValueTask<FuseResult<NodeEntry>> MakeSymbolicLinkAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> target) => NoEntryAnswer;

    /// <summary>Makes a file, pipe, socket or device.</summary>
    public virtual ValueTask<FuseResult<NodeEntry>> MakeNodeAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name, CreateRequest create) => NoEntryAnswer;

    /// <summary>Makes a directory.</summary>
    public virtual ValueTask<FuseResult<NodeEntry>> MakeDirectoryAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name, CreateRequest create) => NoEntryAnswer;

    /// <summary>Removes a name that is no directory's.</summary>
    public virtual ValueTask<Errno> UnlinkAsync(FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name) => No;

    /// <summary>Removes an empty directory.</summary>
    public virtual ValueTask<Errno> RemoveDirectoryAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name) => No;

    /// <summary>Moves a name, or exchanges two.</summary>
    public virtual ValueTask<Errno> RenameAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name, RenameTarget target) => No;

    /// <summary>Gives a node one more name.</summary>
    public virtual ValueTask<FuseResult<NodeEntry>> LinkAsync(
        FuseRequest request, NodeId node, NodeId newParent, ReadOnlyMemory<byte> newName) => NoEntryAnswer;

    /// <summary>Opens a file. ENOSYS says that there is nothing to open and the kernel need not ask again.</summary>
    public virtual ValueTask<FuseResult<OpenReply>> OpenAsync(
        FuseRequest request, NodeId node, OpenRequest open) => new(new FuseResult<OpenReply>(default(OpenReply)));

    /// <summary>Reads into the room given and answers how much; less only at the end of the file.</summary>
    public virtual ValueTask<FuseResult<int>> ReadAsync(
        FuseRequest request, NodeId node, ReadRequest read, Memory<byte> room) => new(Errno.NotImplemented);

    /// <summary>Writes and answers how much.</summary>
    public virtual ValueTask<FuseResult<int>> WriteAsync(
        FuseRequest request, NodeId node, WriteRequest write, ReadOnlyMemory<byte> bytes) => new(Errno.NotImplemented);

    /// <summary>
    /// A descriptor of a file is closed: POSIX locks of the owner end, and errors of writes can be told.
    /// </summary>
    public virtual ValueTask<Errno> FlushAsync(
        FuseRequest request, NodeId node, FileHandle handle, LockOwner owner) => No;

    /// <summary>The last descriptor is closed. The error reaches nobody.</summary>
    public virtual ValueTask<Errno> ReleaseAsync(FuseRequest request, NodeId node, ReleaseRequest release) =>
        new(Errno.None);

    /// <summary>
    /// Makes durable what was written; with <paramref name="dataOnly"/>, what is needed to read it back.
    /// </summary>
    public virtual ValueTask<Errno> SyncAsync(
        FuseRequest request, NodeId node, FileHandle handle, bool dataOnly) => No;

    /// <summary>Room of the filesystem.</summary>
    public virtual ValueTask<FuseResult<FileSystemStatistics>> GetStatisticsAsync(FuseRequest request, NodeId node) =>
        new(Errno.NotImplemented);

    /// <summary>Sets an extended attribute.</summary>
    public virtual ValueTask<Errno> SetXattrAsync(
        FuseRequest request, NodeId node, XattrName name, ReadOnlyMemory<byte> value, XattrOptions options) => No;

    /// <summary>
    /// Answers the length of an extended attribute, after putting its value into the room if it fits.
    /// </summary>
    public virtual ValueTask<FuseResult<int>> GetXattrAsync(
        FuseRequest request, NodeId node, XattrName name, Memory<byte> room) => new(Errno.NotImplemented);

    /// <summary>
    /// Answers the length of the list of names, each ended by a zero, after putting it into the room if it fits.
    /// </summary>
    public virtual ValueTask<FuseResult<int>> ListXattrsAsync(
        FuseRequest request, NodeId node, Memory<byte> room) => new(Errno.NotImplemented);

    /// <summary>Removes an extended attribute.</summary>
    public virtual ValueTask<Errno> RemoveXattrAsync(FuseRequest request, NodeId node, XattrName name) => No;

    /// <summary>Opens a directory.</summary>
    public virtual ValueTask<FuseResult<OpenReply>> OpenDirectoryAsync(
        FuseRequest request, NodeId node, OpenRequest open) => new(new FuseResult<OpenReply>(default(OpenReply)));

    /// <summary>
    /// Adds names after a cookie, 0 being the beginning, until the listing is full or there are no more. A cookie stays
    /// good while names come and go: what was there all the time is listed once.
    /// </summary>
    public virtual ValueTask<Errno> ReadDirectoryAsync(
        FuseRequest request, NodeId node, FileHandle handle, DirectoryListing listing) => No;

    /// <summary>The last descriptor of a directory is closed.</summary>
    public virtual ValueTask<Errno> ReleaseDirectoryAsync(FuseRequest request, NodeId node, FileHandle handle) =>
        new(Errno.None);

    /// <summary>Makes the names of a directory durable.</summary>
    public virtual ValueTask<Errno> SyncDirectoryAsync(
        FuseRequest request, NodeId node, FileHandle handle, bool dataOnly) => No;

    /// <summary>The first lock that stands in the way, or a range of kind <see cref="LockKind.Unlock"/>.</summary>
    public virtual ValueTask<FuseResult<LockRange>> GetLockAsync(
        FuseRequest request, NodeId node, LockRequest wanted) => new(Errno.NotImplemented);

    /// <summary>Locks or unlocks. EAGAIN if another holds it, unless <paramref name="waits"/>.</summary>
    public virtual ValueTask<Errno> SetLockAsync(
        FuseRequest request, NodeId node, LockRequest wanted, bool waits) => No;

    /// <summary>Whether the caller may; not asked where the kernel decides by modes (default_permissions).</summary>
    public virtual ValueTask<Errno> AccessAsync(FuseRequest request, NodeId node, uint mask) => No;

    /// <summary>Makes a file and opens it.</summary>
    public virtual ValueTask<FuseResult<CreateReply>> CreateAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name, CreateRequest create, OpenRequest open) =>
        new(Errno.NotImplemented);

    /// <summary>Makes a file without a name and opens it.</summary>
    public virtual ValueTask<FuseResult<CreateReply>> CreateUnnamedAsync(
        FuseRequest request, NodeId parent, CreateRequest create, OpenRequest open) => new(Errno.NotSupported);

    /// <summary>Makes room or holes.</summary>
    public virtual ValueTask<Errno> AllocateAsync(FuseRequest request, NodeId node, AllocateRequest range) =>
        new(Errno.NotSupported);

    /// <summary>The next data or hole at or after a position; ENXIO beyond the end.</summary>
    public virtual ValueTask<FuseResult<ulong>> SeekAsync(
        FuseRequest request, NodeId node, FileHandle handle, ulong offset, SeekTarget target) =>
        new(Errno.NotImplemented);

    /// <summary>Copies bytes inside the filesystem and answers how many.</summary>
    public virtual ValueTask<FuseResult<int>> CopyRangeAsync(
        FuseRequest request, NodeId node, CopyRangeRequest copy) => new(Errno.NotImplemented);

    /// <summary>Makes everything durable; called before the session unmounts.</summary>
    public virtual ValueTask FlushAllAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <summary>The kernel asks nothing more. Called once, after the last operation has ended.</summary>
    public virtual void Destroy()
    {
    }
}
