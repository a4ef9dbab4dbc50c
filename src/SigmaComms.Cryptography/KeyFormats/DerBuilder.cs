namespace SigmaComms.Cryptography.KeyFormats;

/// <summary>Writes DER from the end to the start, so that lengths are known when their turn comes.</summary>
/// <remarks>Writes into the caller's memory only: secrets leave no copies.</remarks>
/// <standard>X.690, sections 8.1 and 10.1.</standard>
internal ref struct DerBuilder
{
    private const int ShortLengthMax = 0x7F;

    private readonly Span<byte> _buffer;
    private int _start;

    public DerBuilder(Span<byte> buffer)
    {
        _buffer = buffer;
        _start = buffer.Length;
    }

    /// <summary>Where the bytes written so far start; remember it to wrap what is written before it.</summary>
    public readonly int Position => _start;

    /// <summary>All that was written.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[_start..];

    /// <summary>Puts bytes before those written so far.</summary>
    public void Prepend(scoped ReadOnlySpan<byte> bytes)
    {
        _start -= bytes.Length;
        bytes.CopyTo(_buffer[_start..]);
    }

    /// <summary>Puts tag and length before the bytes from here to the position of the end.</summary>
    public void Wrap(byte tag, int end)
    {
        int size = end - _start;
        int sizeBytes = 0;
        for (int rest = size; size > ShortLengthMax && rest > 0; rest >>= 8)
        {
            Prepend([(byte)rest]);
            sizeBytes++;
        }

        Prepend([sizeBytes == 0 ? (byte)size : (byte)(ShortLengthMax + 1 + sizeBytes)]);
        Prepend([tag]);
    }
}
