using System.Collections.Concurrent;
using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Session;

namespace SigmaComms.Fuse.Tests.Session;

/// <summary>A filesystem whose answers the test gives one by one.</summary>
internal sealed class ManualFiles : FuseFileSystem
{
    public ConcurrentQueue<TaskCompletionSource<FuseResult<int>>> Writes { get; } = [];

    public ConcurrentBag<(NodeId Node, ulong Times)> Forgotten { get; } = [];

    public int Interrupted { get; private set; }

    public bool IsDestroyed { get; private set; }

    public Func<ValueTask<FuseResult<NodeEntry>>> OnLookup { get; set; } = () => new(Errno.NoEntry);

    public override ValueTask<FuseResult<NodeEntry>> LookupAsync(
        FuseRequest request, NodeId parent, ReadOnlyMemory<byte> name) => OnLookup();

    public override void Forget(NodeId node, ulong times) => Forgotten.Add((node, times));

    public override ValueTask<FuseResult<AttributesReply>> GetAttributesAsync(
        FuseRequest request, NodeId node, FileHandle? handle) =>
        new(new AttributesReply(new NodeAttributes { Mode = NodeMode.Directory | 0x1ED }, TimeSpan.Zero));

    /// <summary>Hangs until it is interrupted.</summary>
    public override async ValueTask<FuseResult<int>> ReadAsync(
        FuseRequest request, NodeId node, ReadRequest read, Memory<byte> room)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, request.Interrupted);
        return 0;
    }

    /// <summary>Ends when the test says so, or when it is interrupted.</summary>
    public override ValueTask<FuseResult<int>> WriteAsync(
        FuseRequest request, NodeId node, WriteRequest write, ReadOnlyMemory<byte> bytes)
    {
        var source = new TaskCompletionSource<FuseResult<int>>(TaskCreationOptions.RunContinuationsAsynchronously);
        request.Interrupted.Register(() =>
        {
            Interrupted++;
            source.TrySetCanceled();
        });
        Writes.Enqueue(source);
        return new ValueTask<FuseResult<int>>(source.Task);
    }

    /// <summary>More than there is room for, which no filesystem may claim.</summary>
    public override ValueTask<FuseResult<int>> ReadLinkAsync(FuseRequest request, NodeId node, Memory<byte> target) =>
        new(target.Length + 1);

    public override void Destroy() => IsDestroyed = true;
}
