using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Session;

namespace SigmaComms.FuseProbe.Memory;

/// <summary>Attributes, extended ones too.</summary>
public sealed partial class MemoryFileSystem
{
    private const ulong TotalBlocks = 1 << 20;
    private const int XattrBytesMax = 65536;

    public override ValueTask<FuseResult<AttributesReply>> GetAttributesAsync(
        FuseRequest request, NodeId node, FileHandle? handle)
    {
        lock (_lock)
        {
            return TryFind(node, out MemoryNode? found)
                ? new(new AttributesReply(found.Attributes(), Timeout))
                : new(Errno.Stale);
        }
    }

    public override ValueTask<FuseResult<AttributesReply>> SetAttributesAsync(
        FuseRequest request, NodeId node, AttributeChange change)
    {
        lock (_lock)
        {
            if (!TryFind(node, out MemoryNode? found))
            {
                return new(Errno.Stale);
            }

            if (change.Size > (ulong)SizeMax)
            {
                return new(Errno.TooLarge);
            }

            Apply(found, change);
            return new(new AttributesReply(found.Attributes(), Timeout));
        }
    }

    public override ValueTask<FuseResult<int>> ReadLinkAsync(FuseRequest request, NodeId node, Memory<byte> target)
    {
        lock (_lock)
        {
            if (!TryFind(node, out MemoryNode? found) || found.Target.Length == 0)
            {
                return new(Errno.Invalid);
            }

            found.Target.CopyTo(target);
            return new(found.Target.Length);
        }
    }

    public override ValueTask<FuseResult<FileSystemStatistics>> GetStatisticsAsync(FuseRequest request, NodeId node)
    {
        lock (_lock)
        {
            return new(new FileSystemStatistics
            {
                Blocks = TotalBlocks,
                BlocksFree = TotalBlocks / 2,
                BlocksAvailable = TotalBlocks / 4,
                Nodes = TotalBlocks,
                NodesFree = TotalBlocks - (ulong)_nodes.Count,
                BlockSize = PageFile.PageBytes,
                NameLengthMax = byte.MaxValue,
            });
        }
    }

    public override ValueTask<Errno> SetXattrAsync(
        FuseRequest request, NodeId node, XattrName name, ReadOnlyMemory<byte> value, XattrOptions options)
    {
        lock (_lock)
        {
            if (!TryFind(node, out MemoryNode? found))
            {
                return new(Errno.Stale);
            }

            if (!IsPermitted(request, found))
            {
                return new(Errno.NotPermitted);
            }

            var key = new ByteName(name.Bytes.ToArray());
            bool there = found.Xattrs.ContainsKey(key);
            if (options == XattrOptions.Create && there)
            {
                return new(Errno.Exists);
            }

            if (options == XattrOptions.Replace && !there)
            {
                return new(Errno.NoData);
            }

            found.Xattrs[key] = value.ToArray();
            found.ChangeTime = Now();
            return new(Errno.None);
        }
    }

    public override ValueTask<FuseResult<int>> GetXattrAsync(
        FuseRequest request, NodeId node, XattrName name, Memory<byte> room)
    {
        lock (_lock)
        {
            if (!TryFind(node, out MemoryNode? found)
                || !found.Xattrs.TryGetValue(new ByteName(name.Bytes.ToArray()), out byte[]? value))
            {
                return new(Errno.NoData);
            }

            if (value.Length <= room.Length)
            {
                value.CopyTo(room);
            }

            return new(value.Length);
        }
    }

    public override ValueTask<FuseResult<int>> ListXattrsAsync(FuseRequest request, NodeId node, Memory<byte> room)
    {
        lock (_lock)
        {
            if (!TryFind(node, out MemoryNode? found))
            {
                return new(Errno.Stale);
            }

            List<byte> names = [];
            foreach (ByteName name in found.Xattrs.Keys)
            {
                names.AddRange(name.Bytes);
                names.Add(0);
            }

            if (names.Count > XattrBytesMax)
            {
                return new(Errno.Range);
            }

            if (names.Count <= room.Length)
            {
                names.CopyTo(room.Span);
            }

            return new(names.Count);
        }
    }

    public override ValueTask<Errno> RemoveXattrAsync(FuseRequest request, NodeId node, XattrName name)
    {
        lock (_lock)
        {
            return TryFind(node, out MemoryNode? found) && found.Xattrs.Remove(new ByteName(name.Bytes.ToArray()))
                ? new(Errno.None)
                : new(Errno.NoData);
        }
    }

    private void Apply(MemoryNode node, AttributeChange change)
    {
        FileTime now = Now();
        node.Mode = change.Mode is { } mode
            ? (node.Mode & NodeMode.TypeMask) | (mode & NodeMode.PermissionMask)
            : node.Mode;
        node.UserId = change.UserId ?? node.UserId;
        node.GroupId = change.GroupId ?? node.GroupId;
        if (change.Size is { } size && node.Content is { } content)
        {
            content.Resize((long)size);
            node.ModifyTime = now;
        }

        if (change.ClearsSetIds)
        {
            ClearSetIds(node);
        }

        node.AccessTime = change.AccessTimeIsNow ? now : change.AccessTime ?? node.AccessTime;
        node.ModifyTime = change.ModifyTimeIsNow ? now : change.ModifyTime ?? node.ModifyTime;
        node.ChangeTime = change.ChangeTime ?? now;
    }
}
