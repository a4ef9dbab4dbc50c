namespace SigmaComms.Cluster.Storage.Buckets;

/// <summary>Head and fragment as one stream, without a copy.</summary>
/// <remarks>
/// Once it is disposed nobody reads the fragment any more, not even a sender that has not noticed yet that it was given
/// up: the bytes are the caller's again.
/// </remarks>
/// <param name="head">What comes first.</param>
/// <param name="fragment">What follows it.</param>
internal sealed class ObjectContent(ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> fragment) : Stream
{
    private readonly Lock _gate = new();
    private long _position;
    private bool _isDisposed;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => (long)head.Length + fragment.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get
        {
            lock (_gate)
            {
                return _position;
            }
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            lock (_gate)
            {
                _position = value;
            }
        }
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            ReadOnlyMemory<byte> rest = Rest();
            int count = Math.Min(rest.Length, buffer.Length);
            rest.Span[..count].CopyTo(buffer);
            _position += count;
            return count;
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Read(buffer.Span));
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin)
    {
        Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => Position + offset,
            _ => Length + offset,
        };
        return Position;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is written.
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        base.Dispose(disposing);
    }

    private ReadOnlyMemory<byte> Rest()
    {
        if (_position < head.Length)
        {
            return head[(int)_position..];
        }

        long at = Math.Min(_position - head.Length, fragment.Length);
        return fragment[(int)at..];
    }
}
