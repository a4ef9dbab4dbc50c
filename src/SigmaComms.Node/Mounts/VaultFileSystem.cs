using SigmaComms.Client.Vaults.Mounting;
using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Session;
using SigmaComms.Vault.Namespace;
using Errno = SigmaComms.Fuse.Files.Errno;
using VaultErrno = SigmaComms.Vault.Namespace.Errno;

namespace SigmaComms.Node.Mounts;

/// <summary>A mounted vault as the kernel asks for it. Numbers of nodes are those of inodes.</summary>
internal sealed partial class VaultFileSystem(MountedVault vault, MountView view) : FuseFileSystem
{
    private static readonly TimeSpan Alone = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the kernel may believe what it was told: others may change it at any time, or nobody.
    /// </summary>
    private TimeSpan Timeout => vault.IsShared ? TimeSpan.Zero : Alone;

    public override ValueTask<FuseResult<AttributesReply>> GetAttributesAsync(
        FuseRequest request, NodeId node, FileHandle? handle) => new(ReplyOf(node));

    public override async ValueTask<FuseResult<AttributesReply>> SetAttributesAsync(
        FuseRequest request, NodeId node, AttributeChange change)
    {
        CancellationToken gone = request.Interrupted;
        if (!vault.TryStat(node.Value, out InodeStat stat))
        {
            return Errno.Stale;
        }

        if (change.Size is { } size)
        {
            VaultErrno cut = size > (ulong)NamespaceLimits.FileSizeMax
                ? VaultErrno.TooLarge
                : await vault.TruncateAsync(node.Value, (long)size, gone);
            if (cut != VaultErrno.None)
            {
                return MountAttributes.ErrorOf(cut);
            }
        }

        VaultErrno error = await SetAsync(node.Value, stat, change, gone);
        return error == VaultErrno.None ? ReplyOf(node) : MountAttributes.ErrorOf(error);
    }

    public override ValueTask<FuseResult<int>> GetXattrAsync(
        FuseRequest request, NodeId node, XattrName name, Memory<byte> room)
    {
        VaultErrno error = vault.GetXattr(node.Value, name.Bytes, out ReadOnlyMemory<byte> value);
        return new(error == VaultErrno.None ? Give(value.Span, room) : MountAttributes.ErrorOf(error));
    }

    public override ValueTask<FuseResult<int>> ListXattrsAsync(FuseRequest request, NodeId node, Memory<byte> room)
    {
        IReadOnlyList<ReadOnlyMemory<byte>> names = vault.ListXattrs(node.Value);
        int length = names.Sum(static name => name.Length + 1);
        if (length <= room.Length)
        {
            int at = 0;
            foreach (ReadOnlyMemory<byte> name in names)
            {
                name.CopyTo(room[at..]);
                room.Span[at + name.Length] = 0;
                at += name.Length + 1;
            }
        }

        return new(length);
    }

    public override async ValueTask<Errno> SetXattrAsync(
        FuseRequest request, NodeId node, XattrName name, ReadOnlyMemory<byte> value, XattrOptions options)
    {
        // Access control lists would have to be obeyed; no kernel asks for them here.
        if (name.Bytes.Span.StartsWith("system."u8))
        {
            return Errno.NotSupported;
        }

        if (value.Length > NamespaceLimits.XattrValueSizeMax)
        {
            return Errno.NoSpace;
        }

        XattrMode mode = options.HasFlag(XattrOptions.Create) ? XattrMode.Create
            : options.HasFlag(XattrOptions.Replace) ? XattrMode.Replace
            : XattrMode.Any;
        return MountAttributes.ErrorOf(
            await vault.SetXattrAsync(node.Value, name.Bytes, value, mode, request.Interrupted));
    }

    public override async ValueTask<Errno> RemoveXattrAsync(FuseRequest request, NodeId node, XattrName name) =>
        MountAttributes.ErrorOf(await vault.RemoveXattrAsync(node.Value, name.Bytes, request.Interrupted));

    public override ValueTask<FuseResult<FileSystemStatistics>> GetStatisticsAsync(FuseRequest request, NodeId node)
    {
        const uint BlockBytes = 4_096;
        (long capacity, long free) = view.Room();
        ulong inodes = NamespaceLimits.InodesMax;
        return new(new FileSystemStatistics
        {
            Blocks = (ulong)capacity / BlockBytes,
            BlocksFree = (ulong)free / BlockBytes,
            BlocksAvailable = (ulong)free / BlockBytes,
            Nodes = inodes,
            NodesFree = inodes - (ulong)Math.Min(vault.InodeCount, NamespaceLimits.InodesMax),
            BlockSize = BlockBytes,
            NameLengthMax = EntryName.SizeBytesMax,
        });
    }

    /// <summary>Why what was written last is not in the cluster; null if it is.</summary>
    public string? Lost { get; private set; }

    public override async ValueTask FlushAllAsync(CancellationToken cancellation)
    {
        VaultErrno error = await vault.SyncAllAsync(cancellation);
        Lost = error == VaultErrno.None ? null : vault.Trouble ?? "the cluster did not take it in time";
    }

    private static FuseResult<int> Give(ReadOnlySpan<byte> value, Memory<byte> room)
    {
        if (value.Length <= room.Length)
        {
            value.CopyTo(room.Span);
        }

        return value.Length;
    }

    private FuseResult<AttributesReply> ReplyOf(NodeId node) => vault.TryStat(node.Value, out InodeStat stat)
        ? new AttributesReply(MountAttributes.Of(stat, view.Owner), Timeout)
        : Errno.Stale;

    private NodeEntry EntryOf(in InodeStat stat) => new()
    {
        Node = new NodeId(stat.Inode),
        EntryTimeout = Timeout,
        AttributesTimeout = Timeout,
        Attributes = MountAttributes.Of(stat, view.Owner),
    };

    private FuseResult<NodeEntry> EntryOf(VaultErrno error, ulong inode)
    {
        if (error != VaultErrno.None)
        {
            return MountAttributes.ErrorOf(error);
        }

        return vault.TryStat(inode, out InodeStat stat) ? EntryOf(stat) : Errno.Stale;
    }

    private ValueTask<VaultErrno> SetAsync(
        ulong inode, in InodeStat stat, in AttributeChange change, CancellationToken gone)
    {
        const ushort SetIds = (ushort)(NodeMode.SetUser | NodeMode.SetGroup);
        AttributeFields fields = AttributeFields.None;
        ushort mode = stat.Owner.Mode;
        if (change.Mode is { } given)
        {
            (mode, fields) = ((ushort)(given & NodeMode.PermissionMask), fields | AttributeFields.Mode);
        }

        // The group's bit on what nobody of the group may execute means something else, and stays.
        ushort cleared = (mode & NodeMode.GroupExecute) != 0 ? SetIds : (ushort)NodeMode.SetUser;
        if (change.ClearsSetIds && stat.Kind == FileKind.Regular && (mode & cleared) != 0)
        {
            (mode, fields) = ((ushort)(mode & ~cleared), fields | AttributeFields.Mode);
        }

        fields |= change.UserId is null ? AttributeFields.None : AttributeFields.Uid;
        fields |= change.GroupId is null ? AttributeFields.None : AttributeFields.Gid;
        long? accessed = change.AccessTimeIsNow ? vault.Now
            : change.AccessTime is { } read ? MountAttributes.TimeOf(read) : null;
        long? modified = change.ModifyTimeIsNow ? vault.Now
            : change.ModifyTime is { } written ? MountAttributes.TimeOf(written) : null;
        fields |= accessed is null ? AttributeFields.None : AttributeFields.AccessedAt;
        fields |= modified is null ? AttributeFields.None : AttributeFields.ModifiedAt;
        if (fields == AttributeFields.None)
        {
            return new(VaultErrno.None);
        }

        Ownership owner = new(
            fields.HasFlag(AttributeFields.Mode) ? mode : (ushort)0, change.UserId ?? 0, change.GroupId ?? 0);
        return vault.SetAttributesAsync(inode, fields, owner, accessed ?? 0, modified ?? 0, gone);
    }
}
