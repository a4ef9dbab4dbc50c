using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Session;

namespace SigmaComms.FuseProbe.Memory;

/// <summary>Names.</summary>
public sealed partial class MemoryFileSystem
{
    public override ValueTask<FuseResult<NodeEntry>> LookupAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name)
    {
        lock (_lock)
        {
            if (!TryFind(parent, out MemoryNode? directory))
            {
                return new(Errno.Stale);
            }

            if (name.Span.SequenceEqual("."u8))
            {
                return new(Entry(directory));
            }

            if (name.Span.SequenceEqual(".."u8))
            {
                return directory.Parent is { } above ? new(Entry(above)) : new(Errno.NotDirectory);
            }

            return directory.Names?.TryFind(name.Span, out MemoryNode? node) == true
                ? new(Entry(node))
                : new(Errno.NoEntry);
        }
    }

    public override ValueTask<FuseResult<NodeEntry>> MakeSymbolicLinkAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> target) =>
        Make(request, parent, name, new CreateRequest(NodeMode.SymbolicLink | 0x1FF, 0), target.ToArray());

    public override ValueTask<FuseResult<NodeEntry>> MakeNodeAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name, CreateRequest create) =>
        Make(request, parent, name, create, []);

    public override ValueTask<FuseResult<NodeEntry>> MakeDirectoryAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name, CreateRequest create) =>
        Make(request, parent, name, create, []);

    public override ValueTask<FuseResult<CreateReply>> CreateAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name, CreateRequest create, OpenRequest open)
    {
        lock (_lock)
        {
            FuseResult<NodeEntry> made = MakeLocked(request, parent, name.Span, create, []);
            return made.Error == Errno.None ? new(new CreateReply(made.Value, NewHandle())) : new(made.Error);
        }
    }

    public override ValueTask<FuseResult<CreateReply>> CreateUnnamedAsync(
        FuseRequest request, NodeId parent, CreateRequest create, OpenRequest open)
    {
        lock (_lock)
        {
            if (!TryFindDirectory(parent, out MemoryNode? directory, out _))
            {
                return new(Errno.Stale);
            }

            MemoryNode node = NewNode(request, directory, create, []);
            node.LinkCount = 0;
            return new(new CreateReply(Entry(node), NewHandle()));
        }
    }

    public override ValueTask<FuseResult<NodeEntry>> LinkAsync(
        FuseRequest request, NodeId node, NodeId newParent, ReadOnlyMemory<byte> newName)
    {
        lock (_lock)
        {
            if (!TryFind(node, out MemoryNode? found)
                || !TryFindDirectory(newParent, out MemoryNode? directory, out DirectoryTable? names))
            {
                return new(Errno.Stale);
            }

            if (names.TryFind(newName.Span, out _))
            {
                return new(Errno.Exists);
            }

            names.Add(newName.Span, found);
            found.LinkCount++;
            found.ChangeTime = Now();
            Touch(directory);
            return new(Entry(found));
        }
    }

    public override ValueTask<Errno> UnlinkAsync(FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name)
    {
        lock (_lock)
        {
            if (!TryFindDirectory(parent, out MemoryNode? directory, out DirectoryTable? names)
                || !names.TryFind(name.Span, out MemoryNode? node))
            {
                return new(Errno.NoEntry);
            }

            if (node.IsDirectory)
            {
                return new(Errno.IsDirectory);
            }

            names.Remove(name.Span);
            Unname(node);
            Touch(directory);
            return new(Errno.None);
        }
    }

    public override ValueTask<Errno> RemoveDirectoryAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name)
    {
        lock (_lock)
        {
            if (!TryFindDirectory(parent, out MemoryNode? directory, out DirectoryTable? names)
                || !names.TryFind(name.Span, out MemoryNode? node))
            {
                return new(Errno.NoEntry);
            }

            if (!node.IsDirectory || node.Names!.Count > 0)
            {
                return new(node.IsDirectory ? Errno.NotEmpty : Errno.NotDirectory);
            }

            names.Remove(name.Span);
            directory.LinkCount--;
            Unname(node);
            Touch(directory);
            return new(Errno.None);
        }
    }

    public override ValueTask<Errno> RenameAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name, RenameTarget target)
    {
        lock (_lock)
        {
            if (!TryFindDirectory(parent, out MemoryNode? from, out DirectoryTable? names)
                || !TryFindDirectory(target.Parent, out MemoryNode? to, out DirectoryTable? newNames)
                || !names.TryFind(name.Span, out MemoryNode? node))
            {
                return new(Errno.NoEntry);
            }

            newNames.TryFind(target.Name.Span, out MemoryNode? other);
            return target.Options switch
            {
                RenameOptions.None => new(Move(from, name.Span, node, (to, other), target.Name.Span)),
                RenameOptions.NoReplace => new(
                    other is null ? Move(from, name.Span, node, (to, null), target.Name.Span) : Errno.Exists),
                RenameOptions.Exchange => new(
                    other is null ? Errno.NoEntry : Exchange((from, node), name.Span, (to, other), target.Name.Span)),
                _ => new(Errno.Invalid),
            };
        }
    }

    private ValueTask<FuseResult<NodeEntry>> Make(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name, CreateRequest create, byte[] target)
    {
        lock (_lock)
        {
            return new(MakeLocked(request, parent, name.Span, create, target));
        }
    }

    private FuseResult<NodeEntry> MakeLocked(
        FuseRequest request, NodeId parent, ReadOnlySpan<byte> name, CreateRequest create, byte[] target)
    {
        if (!TryFindDirectory(parent, out MemoryNode? directory, out DirectoryTable? names)
            || directory.LinkCount == 0)
        {
            return Errno.NoEntry;
        }

        if (names.TryFind(name, out _))
        {
            return Errno.Exists;
        }

        MemoryNode node = NewNode(request, directory, create, target);
        if (node.IsDirectory)
        {
            node.Parent = directory;
            directory.LinkCount++;
        }

        names.Add(name, node);
        Touch(directory);
        return Entry(node);
    }

    private Errno Move(
        MemoryNode from,
        ReadOnlySpan<byte> name,
        MemoryNode node,
        (MemoryNode Directory, MemoryNode? Other) to,
        ReadOnlySpan<byte> newName)
    {
        if (ReferenceEquals(node, to.Other))
        {
            return Errno.None;
        }

        if (to.Other is { } other)
        {
            if (other.IsDirectory != node.IsDirectory)
            {
                return other.IsDirectory ? Errno.IsDirectory : Errno.NotDirectory;
            }

            if (other.IsDirectory && other.Names!.Count > 0)
            {
                return Errno.NotEmpty;
            }

            to.Directory.Names!.Remove(newName);
            to.Directory.LinkCount -= other.IsDirectory ? 1u : 0;
            Unname(other);
        }

        from.Names!.Remove(name);
        to.Directory.Names!.Add(newName, node);
        Rehome(node, from, to.Directory);
        return Errno.None;
    }

    private Errno Exchange(
        (MemoryNode Directory, MemoryNode Node) first,
        ReadOnlySpan<byte> firstName,
        (MemoryNode Directory, MemoryNode Node) second,
        ReadOnlySpan<byte> secondName)
    {
        first.Directory.Names!.Replace(firstName, second.Node);
        second.Directory.Names!.Replace(secondName, first.Node);
        Rehome(first.Node, first.Directory, second.Directory);
        Rehome(second.Node, second.Directory, first.Directory);
        return Errno.None;
    }

    private void Rehome(MemoryNode node, MemoryNode from, MemoryNode to)
    {
        node.ChangeTime = Now();
        Touch(from);
        Touch(to);
        if (node.IsDirectory)
        {
            from.LinkCount--;
            to.LinkCount++;
            node.Parent = to;
        }
    }

    private void Unname(MemoryNode node)
    {
        node.LinkCount -= node.IsDirectory ? 2u : 1u;
        node.ChangeTime = Now();
        DropIfUnused(node);
    }

    private OpenReply NewHandle() => new(new FileHandle(++_lastHandle), OpenOptions.KeepCache);
}
