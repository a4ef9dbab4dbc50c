using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Session;
using SigmaComms.Vault.Namespace;
using Errno = SigmaComms.Fuse.Files.Errno;
using VaultErrno = SigmaComms.Vault.Namespace.Errno;

namespace SigmaComms.Node.Mounts;

/// <summary>Content of files.</summary>
internal sealed partial class VaultFileSystem
{
    public override async ValueTask<FuseResult<CreateReply>> CreateAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name, CreateRequest create, OpenRequest open)
    {
        FuseResult<NodeEntry> made = await MakeAsync(request, parent, name, create, FileKind.Regular);
        if (made.Error == Errno.Exists && !open.Exclusive)
        {
            // Somebody else made it between the kernel's look and now.
            made = await LookupAsync(request, parent, name);
        }

        return made.Error == Errno.None ? Opened(made.Value) : made.Error;
    }

    public override async ValueTask<FuseResult<CreateReply>> CreateUnnamedAsync(
        FuseRequest request, NodeId parent, CreateRequest create, OpenRequest open)
    {
        Ownership owner = new((ushort)(create.Mode & NodeMode.PermissionMask), request.UserId, request.GroupId);
        (VaultErrno error, ulong inode) = await vault.MakeUnnamedAsync(parent.Value, owner, request.Interrupted);
        FuseResult<NodeEntry> entry = EntryOf(error, inode);
        return entry.Error == Errno.None
            ? new CreateReply(entry.Value, new OpenReply(new FileHandle(inode), OpenOptions.None))
            : entry.Error;
    }

    public override async ValueTask<FuseResult<OpenReply>> OpenAsync(
        FuseRequest request, NodeId node, OpenRequest open)
    {
        if (!vault.TryStat(node.Value, out InodeStat stat))
        {
            return Errno.Stale;
        }

        if (open.Truncates && open.Writes && stat.Size > 0)
        {
            VaultErrno error = await vault.TruncateAsync(node.Value, 0, request.Interrupted);
            if (error != VaultErrno.None)
            {
                return MountAttributes.ErrorOf(error);
            }
        }

        if (open.ClearsSetIds)
        {
            await SetAsync(node.Value, stat, new AttributeChange { ClearsSetIds = true }, request.Interrupted);
        }

        vault.Open(node.Value);
        return new OpenReply(new FileHandle(node.Value), OpenOptions.None);
    }

    public override async ValueTask<FuseResult<int>> ReadAsync(
        FuseRequest request, NodeId node, ReadRequest read, Memory<byte> room)
    {
        if (read.Offset > (ulong)NamespaceLimits.FileSizeMax)
        {
            return 0;
        }

        (VaultErrno error, int count) =
            await vault.ReadAsync(node.Value, (long)read.Offset, room, CancellationToken.None);
        return error == VaultErrno.None ? count : MountAttributes.ErrorOf(error);
    }

    public override async ValueTask<FuseResult<int>> WriteAsync(
        FuseRequest request, NodeId node, WriteRequest write, ReadOnlyMemory<byte> bytes)
    {
        if (write.Offset > (ulong)NamespaceLimits.FileSizeMax)
        {
            return Errno.TooLarge;
        }

        if (write.ClearsSetIds && vault.TryStat(node.Value, out InodeStat stat))
        {
            await SetAsync(node.Value, stat, new AttributeChange { ClearsSetIds = true }, request.Interrupted);
        }

        long offset = write.Appends && !write.FromCache ? -1 : (long)write.Offset;
        VaultErrno error = await vault.WriteAsync(node.Value, offset, bytes, request.Interrupted);
        return error == VaultErrno.None ? bytes.Length : MountAttributes.ErrorOf(error);
    }

    public override async ValueTask<Errno> FlushAsync(
        FuseRequest request, NodeId node, FileHandle handle, LockOwner owner) =>
        vault.IsShared
            ? MountAttributes.ErrorOf(await vault.SyncAsync(node.Value, request.Interrupted))
            : Errno.None;

    public override ValueTask<Errno> ReleaseAsync(FuseRequest request, NodeId node, ReleaseRequest release)
    {
        vault.Close(node.Value);
        return new(Errno.None);
    }

    public override async ValueTask<Errno> SyncAsync(
        FuseRequest request, NodeId node, FileHandle handle, bool dataOnly) =>
        MountAttributes.ErrorOf(await vault.SyncAsync(node.Value, request.Interrupted));

    public override async ValueTask<Errno> AllocateAsync(FuseRequest request, NodeId node, AllocateRequest range)
    {
        ulong end = range.Offset + range.Length;
        if (end < range.Offset || end > (ulong)NamespaceLimits.FileSizeMax)
        {
            return Errno.TooLarge;
        }

        if ((range.Options & ~(AllocateOptions.KeepSize | AllocateOptions.PunchHole | AllocateOptions.ZeroRange)) != 0)
        {
            return Errno.NotSupported;
        }

        CancellationToken gone = request.Interrupted;
        VaultErrno error = VaultErrno.None;
        if ((range.Options & (AllocateOptions.PunchHole | AllocateOptions.ZeroRange)) != 0)
        {
            error = await vault.PunchHoleAsync(node.Value, (long)range.Offset, (long)range.Length, gone);
        }

        // Room cannot be kept: what is written takes new stripes. The size is all that remains of the promise.
        bool grows = !range.Options.HasFlag(AllocateOptions.KeepSize)
            && vault.TryStat(node.Value, out InodeStat stat) && (ulong)stat.Size < end;
        if (error == VaultErrno.None && grows)
        {
            error = await vault.TruncateAsync(node.Value, (long)end, gone);
        }

        return MountAttributes.ErrorOf(error);
    }

    public override ValueTask<FuseResult<ulong>> SeekAsync(
        FuseRequest request, NodeId node, FileHandle handle, ulong offset, SeekTarget target)
    {
        if (!vault.TryStat(node.Value, out InodeStat stat) || offset >= (ulong)stat.Size)
        {
            return new(Errno.NoSuchAddress);
        }

        long found = vault.Seek(node.Value, (long)offset, target == SeekTarget.Data);
        return new(found < 0 ? Errno.NoSuchAddress : (ulong)found);
    }

    private CreateReply Opened(in NodeEntry entry)
    {
        vault.Open(entry.Node.Value);
        return new CreateReply(entry, new OpenReply(new FileHandle(entry.Node.Value), OpenOptions.None));
    }
}
