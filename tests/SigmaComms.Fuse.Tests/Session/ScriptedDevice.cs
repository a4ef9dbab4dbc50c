using System.Collections.Concurrent;
using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Native;

namespace SigmaComms.Fuse.Tests.Session;

/// <summary>A kernel that sends what it is told to and keeps the replies.</summary>
internal sealed class ScriptedDevice : IKernelDevice
{
    private readonly BlockingCollection<byte[]> _requests = [];
    private readonly ConcurrentQueue<byte[]> _replies = [];
    private int _read;

    /// <summary>Replies so far, in order.</summary>
    public IReadOnlyList<Reply> Replies => [.. _replies.Select(Reply.From)];

    /// <summary>Requests that were taken.</summary>
    public int Taken => Volatile.Read(ref _read);

    public bool IsDisposed { get; private set; }

    public void Send(byte[] request) => _requests.Add(request);

    /// <summary>Unmounts.</summary>
    public void End() => _requests.CompleteAdding();

    public int Read(Span<byte> buffer)
    {
        if (!_requests.TryTake(out byte[]? request, Timeout.Infinite))
        {
            return -(int)Errno.NoDevice;
        }

        Interlocked.Increment(ref _read);
        request.CopyTo(buffer);
        return request.Length;
    }

    public int Write(ReadOnlySpan<byte> message)
    {
        _replies.Enqueue(message.ToArray());
        return message.Length;
    }

    public void Dispose() => IsDisposed = true;
}
