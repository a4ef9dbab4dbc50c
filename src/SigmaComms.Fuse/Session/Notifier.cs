using System.Runtime.InteropServices;
using System.Threading.Channels;
using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Native;
using SigmaComms.Fuse.Protocol.Wire;

namespace SigmaComms.Fuse.Session;

/// <summary>
/// Tells the kernel what it should no longer believe. One at a time and never on a reader: the kernel may make the
/// writer wait for a directory that a request holds which is not answered yet.
/// </summary>
internal sealed class Notifier : IAsyncDisposable
{
    private const int QueueMax = 1024;
    private readonly IKernelDevice _device;
    private readonly Channel<(byte[] Message, TaskCompletionSource<Errno> Done)> _queue =
        Channel.CreateBounded<(byte[], TaskCompletionSource<Errno>)>(QueueMax);

    private readonly Task _loop;

    public Notifier(IKernelDevice device)
    {
        _device = device;
        _loop = SendAllAsync();
    }

    private enum Code
    {
        InvalidateNode = 2,
        InvalidateEntry = 3,
        Delete = 6,
    }

    public ValueTask<Errno> InvalidateNodeAsync(NodeId node, long offset, long length) =>
        SendAsync(
            Code.InvalidateNode,
            new InvalidateNodeOut { Node = node.Value, Offset = offset, Length = length },
            default);

    public ValueTask<Errno> InvalidateEntryAsync(NodeId parent, ReadOnlySpan<byte> name) =>
        SendAsync(
            Code.InvalidateEntry,
            new InvalidateEntryOut { Parent = parent.Value, NameLength = (uint)name.Length },
            name);

    public ValueTask<Errno> DeleteAsync(NodeId parent, NodeId child, ReadOnlySpan<byte> name) =>
        SendAsync(
            Code.Delete,
            new DeleteOut { Parent = parent.Value, Child = child.Value, NameLength = (uint)name.Length },
            name);

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
    }

    private ValueTask<Errno> SendAsync<T>(Code code, T body, ReadOnlySpan<byte> name)
        where T : unmanaged
    {
        int start = Marshal.SizeOf<ReplyHeader>();
        int nameStart = start + Marshal.SizeOf<T>();

        // A name is followed by a zero.
        byte[] message = new byte[nameStart + (name.IsEmpty ? 0 : name.Length + 1)];
        var header = new ReplyHeader { Length = (uint)message.Length, Error = (int)code };
        MemoryMarshal.Write(message, in header);
        MemoryMarshal.Write(message.AsSpan(start), in body);
        name.CopyTo(message.AsSpan(nameStart));
        return QueueAsync(message);
    }

    private async ValueTask<Errno> QueueAsync(byte[] message)
    {
        var done = new TaskCompletionSource<Errno>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await _queue.Writer.WriteAsync((message, done));
        }
        catch (ChannelClosedException)
        {
            return Errno.NotConnected;
        }

        return await done.Task;
    }

    private async Task SendAllAsync()
    {
        await foreach ((byte[] message, TaskCompletionSource<Errno> done) in _queue.Reader.ReadAllAsync())
        {
            int written = _device.Write(message);
            done.TrySetResult(written < 0 ? (Errno)(-written) : Errno.None);
        }
    }
}
