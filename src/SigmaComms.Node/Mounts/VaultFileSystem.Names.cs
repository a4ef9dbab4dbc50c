using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Session;
using SigmaComms.Vault.Namespace;
using Errno = SigmaComms.Fuse.Files.Errno;
using VaultErrno = SigmaComms.Vault.Namespace.Errno;

namespace SigmaComms.Node.Mounts;

/// <summary>Names and directories.</summary>
internal sealed partial class VaultFileSystem
{
    private const ulong DotCookie = 1;
    private const ulong DotsCookie = 2;

    public override ValueTask<FuseResult<NodeEntry>> LookupAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name)
    {
        // What cannot be a name here is not there.
        if (!EntryName.TryCreate(name.Span, out EntryName entry))
        {
            return new(Errno.NoEntry);
        }

        VaultErrno error = vault.Lookup(parent.Value, entry, out InodeStat stat);
        return new(error == VaultErrno.None ? EntryOf(stat) : MountAttributes.ErrorOf(error));
    }

    public override void Forget(NodeId node, ulong times)
    {
        // Nothing is kept for what the kernel knows.
    }

    public override ValueTask<FuseResult<int>> ReadLinkAsync(FuseRequest request, NodeId node, Memory<byte> target)
    {
        ReadOnlyMemory<byte> points = vault.ReadLink(node.Value);
        return new(points.IsEmpty ? Errno.Invalid : Give(points.Span, target));
    }

    public override async ValueTask<FuseResult<NodeEntry>> MakeSymbolicLinkAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> target)
    {
        if (!EntryName.TryCreate(name.Span, out EntryName entry))
        {
            return Errno.Invalid;
        }

        Ownership owner = new(0x1FF, request.UserId, request.GroupId);
        (VaultErrno error, ulong inode) =
            await vault.MakeSymlinkAsync(parent.Value, entry, target, owner, request.Interrupted);
        return EntryOf(error, inode);
    }

    public override ValueTask<FuseResult<NodeEntry>> MakeNodeAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name, CreateRequest create) =>
        MakeAsync(request, parent, name, create, MountAttributes.KindOf(create.Mode));

    public override ValueTask<FuseResult<NodeEntry>> MakeDirectoryAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name, CreateRequest create) =>
        MakeAsync(request, parent, name, create, FileKind.Directory);

    public override async ValueTask<Errno> UnlinkAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name) =>
        EntryName.TryCreate(name.Span, out EntryName entry)
            ? MountAttributes.ErrorOf(await vault.UnlinkAsync(parent.Value, entry, request.Interrupted))
            : Errno.NoEntry;

    public override async ValueTask<Errno> RemoveDirectoryAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name) =>
        EntryName.TryCreate(name.Span, out EntryName entry)
            ? MountAttributes.ErrorOf(await vault.RemoveDirectoryAsync(parent.Value, entry, request.Interrupted))
            : Errno.NoEntry;

    public override async ValueTask<Errno> RenameAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name, RenameTarget target)
    {
        RenameMode? mode = target.Options switch
        {
            RenameOptions.None => RenameMode.Replace,
            RenameOptions.NoReplace => RenameMode.KeepExisting,
            RenameOptions.Exchange => RenameMode.Exchange,
            _ => null,
        };
        if (mode is not { } how || !EntryName.TryCreate(target.Name.Span, out EntryName newName))
        {
            return Errno.Invalid;
        }

        return EntryName.TryCreate(name.Span, out EntryName former)
            ? MountAttributes.ErrorOf(await vault.RenameAsync(
                parent.Value, former, target.Parent.Value, newName, how, request.Interrupted))
            : Errno.NoEntry;
    }

    public override async ValueTask<FuseResult<NodeEntry>> LinkAsync(
        FuseRequest request, NodeId node, NodeId newParent, ReadOnlyMemory<byte> newName)
    {
        if (!EntryName.TryCreate(newName.Span, out EntryName entry))
        {
            return Errno.Invalid;
        }

        VaultErrno error = await vault.LinkAsync(node.Value, newParent.Value, entry, request.Interrupted);
        return EntryOf(error, node.Value);
    }

    public override ValueTask<Errno> ReadDirectoryAsync(
        FuseRequest request, NodeId node, FileHandle handle, DirectoryListing listing)
    {
        if (!vault.TryStat(node.Value, out InodeStat directory))
        {
            return new(Errno.Stale);
        }

        if (directory.Kind != FileKind.Directory)
        {
            return new(Errno.NotDirectory);
        }

        if (listing.Cookie < DotCookie && !listing.TryAdd("."u8, EntryOf(directory), DotCookie))
        {
            return new(Errno.None);
        }

        if (listing.Cookie < DotsCookie)
        {
            vault.TryStat(vault.ParentOf(node.Value), out InodeStat parent);
            if (!listing.TryAdd(".."u8, EntryOf(parent), DotsCookie))
            {
                return new(Errno.None);
            }
        }

        vault.List(
            node.Value,
            Math.Max(listing.Cookie, DotsCookie),
            (item, stat) => listing.TryAdd(item.Name.Bytes, EntryOf(stat), item.Cookie));
        return new(Errno.None);
    }

    public override async ValueTask<Errno> SyncDirectoryAsync(
        FuseRequest request, NodeId node, FileHandle handle, bool dataOnly) =>
        MountAttributes.ErrorOf(await vault.SyncAsync(node.Value, request.Interrupted));

    private async ValueTask<FuseResult<NodeEntry>> MakeAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name, CreateRequest create, FileKind kind)
    {
        if (kind == FileKind.None || !EntryName.TryCreate(name.Span, out EntryName entry))
        {
            return Errno.Invalid;
        }

        Ownership owner = new((ushort)(create.Mode & NodeMode.PermissionMask), request.UserId, request.GroupId);
        bool isDevice = kind is FileKind.CharacterDevice or FileKind.BlockDevice;
        (VaultErrno error, ulong inode) = await vault.MakeAsync(
            parent.Value, entry, kind, owner, isDevice ? create.Device : 0, request.Interrupted);
        return EntryOf(error, inode);
    }
}
