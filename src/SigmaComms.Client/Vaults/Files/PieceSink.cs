namespace SigmaComms.Client.Vaults.Files;

/// <summary>Takes whole stripes in order, and gives on what of them belongs to a range, with zeros between.</summary>
internal sealed class PieceSink(ReadPlan plan, Stream destination, Action<long> counted) : Stream
{
    private const int ZerosSizeBytes = 64 * 1024;

    private static readonly byte[] Zeros = new byte[ZerosSizeBytes];

    private int _piece;
    private int _stripeAt;
    private long _given;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Gives zeros from where it is to the range's end.</summary>
    public ValueTask EndAsync(CancellationToken ct) => FillAsync(plan.Length, ct);

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            ReadPiece piece = plan.Pieces[_piece];
            int whole = piece.Stripe.Entry.PlaintextLength;
            int taken = Math.Min(buffer.Length, whole - _stripeAt);
            int from = Math.Max(piece.StripeOffset, _stripeAt);
            int to = Math.Min(piece.StripeOffset + piece.Length, _stripeAt + taken);
            if (from < to)
            {
                await FillAsync(piece.At, cancellationToken);
                await destination.WriteAsync(buffer[(from - _stripeAt)..(to - _stripeAt)], cancellationToken);
                _given += to - from;
                counted(to - from);
            }

            _stripeAt += taken;
            buffer = buffer[taken..];
            if (_stripeAt == whole)
            {
                _piece++;
                _stripeAt = 0;
            }
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask FillAsync(long end, CancellationToken ct)
    {
        while (_given < end)
        {
            int zeros = (int)Math.Min(ZerosSizeBytes, end - _given);
            await destination.WriteAsync(Zeros.AsMemory(0, zeros), ct);
            _given += zeros;
            counted(zeros);
        }
    }
}
