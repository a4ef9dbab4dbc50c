namespace SigmaComms.Client.Tests.Vaults;

/// <summary>A stream of a known pattern that takes no memory; written to, it checks the pattern.</summary>
internal sealed class PatternStream(long length) : Stream
{
    private long _position;

    /// <summary>Where something happens while it is read.</summary>
    public long At { get; init; } = long.MaxValue;

    /// <summary>What happens there.</summary>
    public Action Reached { get; init; } = static () => { };

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int taken = (int)Math.Min(count, length - _position);
        for (int i = 0; i < taken; i++)
        {
            buffer[offset + i] = ByteAt(_position + i);
        }

        if (_position < At && _position + taken >= At)
        {
            Reached();
        }

        _position += taken;
        return taken;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (buffer[offset + i] != ByteAt(_position + i))
            {
                throw new InvalidDataException($"Byte {_position + i} is wrong.");
            }
        }

        _position += count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static byte ByteAt(long position) => unchecked((byte)((position * 31) ^ (position >> 13)));
}
