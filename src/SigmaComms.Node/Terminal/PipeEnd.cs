using System.Runtime.InteropServices;

namespace SigmaComms.Node.Terminal;

/// <summary>
/// Standard output, or another file descriptor, written to as it is. The framework's own stream takes a closed pipe for
/// success; here it is told, and so is what of a pipe was not read yet.
/// </summary>
/// <remarks>The descriptor stays open. One thread writes at a time.</remarks>
internal sealed class PipeEnd(int descriptor) : Stream
{
    private const int Interrupted = 4;
    private const int TryAgain = 11;
    private const int BrokenPipe = 32;
    private const ulong CountUnread = 0x541B;
    private const short Writable = 4;
    private const short Error = 8;
    private const int WaitMs = 1000;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether it is a pipe whose other end was closed.</summary>
    public bool IsReaderGone => (Poll(0) & Error) != 0;

    /// <summary>Bytes that wait in the pipe; 0 for a file or a terminal, where what is written has arrived.</summary>
    public int UnreadBytes => IsPipe && CountBytes(descriptor, CountUnread, out int unread) == 0 ? unread : 0;

    private bool IsPipe { get; } = LinkOf(descriptor).StartsWith("pipe:", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <exception cref="ReaderGoneException">The pipe is closed.</exception>
    /// <exception cref="IOException">The disk is full, or the device refuses.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            nint written = WriteBytes(descriptor, in MemoryMarshal.GetReference(buffer), buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            switch (error)
            {
                case Interrupted:
                    break;
                case TryAgain:
                    Poll(WaitMs);
                    break;
                case BrokenPipe:
                    throw new ReaderGoneException();
                default:
                    throw new IOException($"Standard output: {Marshal.GetPInvokeErrorMessage(error)}.");
            }
        }
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask(Task.Run(() => Write(buffer.Span), CancellationToken.None));
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is held back.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    private static string LinkOf(int descriptor)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/self/fd/{descriptor}", returnFinalTarget: false)?.Name ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    private short Poll(int waitMs)
    {
        PollEntry entry = new() { Descriptor = descriptor, Wanted = Writable };
        return PollDescriptors(ref entry, 1, waitMs) > 0 ? entry.Found : (short)0;
    }

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    private static extern nint WriteBytes(int descriptor, in byte bytes, nint count);

    [DllImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static extern int PollDescriptors(ref PollEntry entries, nuint count, int waitMs);

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static extern int CountBytes(int descriptor, ulong request, out int count);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Wanted;
        public short Found;
    }
}
