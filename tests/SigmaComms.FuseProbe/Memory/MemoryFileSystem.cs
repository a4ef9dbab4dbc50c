using System.Diagnostics.CodeAnalysis;
using System.Text;
using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Session;

namespace SigmaComms.FuseProbe.Memory;

/// <summary>
/// A filesystem in memory that keeps all of POSIX that the kernel leaves to it. One lock guards everything.
/// </summary>
public sealed partial class MemoryFileSystem : FuseFileSystem
{
    private readonly Lock _lock = new();
    private readonly Dictionary<NodeId, MemoryNode> _nodes = [];
    private readonly TimeProvider _time;
    private ulong _lastNode = 1;
    private ulong _lastHandle;

    public MemoryFileSystem(TimeProvider time, uint owner = 0)
    {
        _time = time;
        var root = new MemoryNode(1, NodeMode.Directory | 0x1ED, Now()) 
        {
            LinkCount = 2,
            Lookups = 1,
            UserId = owner,
        };
        root.Parent = root;
        _nodes.Add(root.Id, root);
    }

    /// <summary>How long the kernel believes what it is told.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Reads and writes are answered later, from another thread.</summary>
    public bool AnswersLater { get; set; }

    /// <summary>Reads of a file with this name never end unless they are interrupted.</summary>
    public NodeId? Hanging { get; set; }

    /// <summary>Ends when a read began that hangs.</summary>
    public TaskCompletionSource HangBegan { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when a read that hung was interrupted.</summary>
    public TaskCompletionSource HangEnded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when a lock is waited for.</summary>
    public TaskCompletionSource LockAwaited { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether everything was told to end.</summary>
    public bool IsDestroyed { get; private set; }

    /// <summary>How often everything was flushed.</summary>
    public int Flushes { get; private set; }

    /// <summary>How often a file or directory was made durable.</summary>
    public int Syncs { get; private set; }

    /// <summary>Nodes there are.</summary>
    public int NodeCount
    {
        get
        {
            lock (_lock)
            {
                return _nodes.Count;
            }
        }
    }

    public override ValueTask FlushAllAsync(CancellationToken cancellation)
    {
        Flushes++;
        return ValueTask.CompletedTask;
    }

    public override void Destroy() => IsDestroyed = true;

    /// <summary>The node of a name in the root.</summary>
    public NodeId Find(string name)
    {
        lock (_lock)
        {
            _nodes[NodeId.Root].Names!.TryFind(Encoding.UTF8.GetBytes(name), out MemoryNode? node);
            return node!.Id;
        }
    }

    /// <summary>Changes a file behind the kernel's back, as another mount would.</summary>
    public NodeId Overwrite(string name, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _nodes[NodeId.Root].Names!.TryFind(Encoding.UTF8.GetBytes(name), out MemoryNode? node);
            node!.Content!.Resize(0);
            node.Content.Write(0, bytes);
            return node.Id;
        }
    }

    /// <summary>Removes a name behind the kernel's back, as another mount would.</summary>
    public NodeId Drop(string name)
    {
        lock (_lock)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(name);
            _nodes[NodeId.Root].Names!.TryFind(bytes, out MemoryNode? node);
            _nodes[NodeId.Root].Names!.Remove(bytes);
            node!.LinkCount--;
            return node.Id;
        }
    }

    public override void Forget(NodeId node, ulong times)
    {
        lock (_lock)
        {
            if (_nodes.TryGetValue(node, out MemoryNode? found))
            {
                found.Lookups -= Math.Min(times, found.Lookups);
                DropIfUnused(found);
            }
        }
    }

    private static bool IsPermitted(FuseRequest request, MemoryNode node) =>
        request.UserId == 0 || request.UserId == node.UserId;

    private FileTime Now() => FileTime.From(_time.GetUtcNow());

    private bool TryFind(NodeId id, [NotNullWhen(true)] out MemoryNode? node) => _nodes.TryGetValue(id, out node);

    private bool TryFindDirectory(
        NodeId id, [NotNullWhen(true)] out MemoryNode? node, [NotNullWhen(true)] out DirectoryTable? names)
    {
        names = _nodes.TryGetValue(id, out node) ? node.Names : null;
        return node is not null && names is not null;
    }

    private NodeEntry Entry(MemoryNode node)
    {
        node.Lookups++;
        return Peek(node);
    }

    private NodeEntry Peek(MemoryNode node) => new()
    {
        Node = node.Id,
        EntryTimeout = Timeout,
        AttributesTimeout = Timeout,
        Attributes = node.Attributes(),
    };

    private MemoryNode NewNode(FuseRequest request, MemoryNode parent, CreateRequest create, byte[] target)
    {
        bool inherits = (parent.Mode & NodeMode.SetGroup) != 0;
        bool directory = (create.Mode & NodeMode.TypeMask) == NodeMode.Directory;
        var node = new MemoryNode(
            ++_lastNode, create.Mode | (inherits && directory ? NodeMode.SetGroup : 0), Now())
        {
            UserId = request.UserId,
            GroupId = inherits ? parent.GroupId : request.GroupId,
            Device = create.Device,
            Target = target,
            LinkCount = directory ? 2u : 1u,
        };
        _nodes.Add(node.Id, node);
        return node;
    }

    private void Touch(MemoryNode directory)
    {
        directory.ModifyTime = Now();
        directory.ChangeTime = directory.ModifyTime;
    }

    private void DropIfUnused(MemoryNode node)
    {
        if (node.LinkCount == 0 && node.Lookups == 0)
        {
            _nodes.Remove(node.Id);
        }
    }
}
