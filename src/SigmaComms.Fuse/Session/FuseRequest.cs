using System.Runtime.InteropServices;
using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Protocol;
using SigmaComms.Fuse.Protocol.Wire;

namespace SigmaComms.Fuse.Session;

/// <summary>One request of the kernel: who asks, and whether the asker gave up.</summary>
/// <remarks>Belongs to the session, which uses it again once the operation has ended: nothing may keep it.</remarks>
#pragma warning disable CA1001 // The source has no timer, and its token may still be read after the end.
public sealed class FuseRequest
#pragma warning restore CA1001
{
    /// <summary>Requests up to this size are copied into the request's own memory.</summary>
    internal const int OwnInputBytes = 4352;
    private const int OwnOutputBytes = 4352 + ReplyHeaderBytes;
    private const int ReplyHeaderBytes = 16;
    private const int RequestHeaderBytes = 40;
    private readonly Lock _lock = new();
    private readonly BufferPool _buffers;
    private readonly byte[] _own = GC.AllocateUninitializedArray<byte>(OwnInputBytes + OwnOutputBytes, pinned: true);
    private RequestHeader _header;
    private PinnedBuffer? _input;
    private PinnedBuffer? _output;
    private int _inputLength;
    private ulong _unique;
    private bool _interrupted;
    private CancellationTokenSource? _cancellation;

    internal FuseRequest(BufferPool buffers) => _buffers = buffers;

    /// <summary>What is asked for.</summary>
    public FuseOpcode Opcode => unchecked((FuseOpcode)_header.Opcode);

    /// <summary>The user who asks.</summary>
    public uint UserId => _header.UserId;

    /// <summary>The user's group.</summary>
    public uint GroupId => _header.GroupId;

    /// <summary>The process that asks; 0 if it is in another namespace.</summary>
    public uint ProcessId => _header.ProcessId;

    /// <summary>Cancelled when a signal interrupts the asker, or when the session ends.</summary>
    public CancellationToken Interrupted
    {
        get
        {
            lock (_lock)
            {
                if (_cancellation is null)
                {
                    _cancellation = new CancellationTokenSource();
                    if (_interrupted)
                    {
                        _cancellation.Cancel();
                    }
                }

                return _cancellation.Token;
            }
        }
    }

    /// <summary>The kernel's number of the request; 0 when it is not in use.</summary>
    internal ulong Unique => Volatile.Read(ref _unique);

    /// <summary>The node that it is about.</summary>
    internal NodeId Node => new(_header.Node);

    /// <summary>Whether it was interrupted.</summary>
    internal bool IsInterrupted => Volatile.Read(ref _interrupted);

    /// <summary>Whether a reply was sent.</summary>
    internal bool IsAnswered { get; private set; }

    /// <summary>Memory that this request holds while it waits.</summary>
    internal int HeldBytes => _own.Length + (_input?.Bytes.Length ?? 0) + (_output?.Bytes.Length ?? 0);

    /// <summary>Used by what lists directories; one for each request, used again.</summary>
    internal DirectoryListing Listing { get; } = new();

    /// <summary>Bytes of the room that was asked for last.</summary>
    internal int RoomBytes { get; private set; }

    /// <summary>What follows the header, without extensions.</summary>
    internal ReadOnlyMemory<byte> Body { get; private set; }

    private byte[] Output => _output?.Bytes ?? _own;

    private int OutputStart => _output is null ? OwnInputBytes : 0;

    /// <summary>Takes up a request. False if it is too short to have a header.</summary>
    /// <param name="message">The whole request, in the reader's buffer.</param>
    /// <param name="buffer">The reader's buffer; null afterwards if the request keeps it.</param>
    internal bool TryBegin(ReadOnlySpan<byte> message, ref PinnedBuffer? buffer)
    {
        if (!MemoryMarshal.TryRead(message, out _header))
        {
            return false;
        }

        _inputLength = message.Length;
        if (message.Length <= OwnInputBytes)
        {
            message.CopyTo(_own);
        }
        else
        {
            _input = buffer;
            buffer = null;
        }

        IsAnswered = false;
        Volatile.Write(ref _unique, _header.Unique);
        return true;
    }

    /// <summary>Checks the lengths that the header claims and finds the body.</summary>
    internal bool TryFindBody()
    {
        int extension = _header.ExtensionWords * sizeof(ulong);
        int length = _inputLength - RequestHeaderBytes - extension;
        if (_header.Length != (uint)_inputLength || length < 0)
        {
            return false;
        }

        Body = new ReadOnlyMemory<byte>(_input?.Bytes ?? _own, RequestHeaderBytes, length);
        return true;
    }

    /// <summary>Room for a reply of so many bytes.</summary>
    internal Memory<byte> Room(int sizeBytes)
    {
        if (ReplyHeaderBytes + sizeBytes > OwnOutputBytes && _output is null)
        {
            _output = _buffers.Rent(ReplyHeaderBytes + sizeBytes);
        }

        RoomBytes = sizeBytes;
        return new Memory<byte>(Output, OutputStart + ReplyHeaderBytes, sizeBytes);
    }

    /// <summary>The whole reply: the header, and so many bytes of what was put into the room.</summary>
    internal ReadOnlySpan<byte> Reply(Errno error, int payloadBytes)
    {
        int length = error == Errno.None ? ReplyHeaderBytes + payloadBytes : ReplyHeaderBytes;
        Span<byte> reply = Output.AsSpan(OutputStart, length);
        var header = new ReplyHeader { Length = (uint)length, Error = -(int)error, Unique = _header.Unique };
        MemoryMarshal.Write(reply, in header);
        IsAnswered = true;
        return reply;
    }

    /// <summary>Tells the operation that its asker gave up. False if this is another request by now.</summary>
    internal bool TryInterrupt(ulong unique)
    {
        CancellationTokenSource? cancellation;
        lock (_lock)
        {
            if (_unique != unique || unique == 0)
            {
                return false;
            }

            _interrupted = true;
            cancellation = _cancellation;
        }

        // Not here: what waits for it would run on a thread that has to read from the kernel.
        _ = cancellation?.CancelAsync();
        return true;
    }

    /// <summary>The request is over: gives back what it held.</summary>
    internal void End()
    {
        lock (_lock)
        {
            _unique = 0;

            // Not used again: what an operation registered with it and left there would hear of another's interrupt.
            _cancellation = null;
            _interrupted = false;
        }

        Body = default;
        if (_input is { } input)
        {
            _input = null;
            _buffers.Return(input);
        }

        if (_output is { } output)
        {
            _output = null;
            _buffers.Return(output);
        }
    }
}
