using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SigmaComms.Messaging.Channels.Records;

/// <summary>Cuts the peer's byte stream into records. Whole records are not copied; a cut one waits here.</summary>
/// <standard>RFC 8446, section 5.1.</standard>
internal sealed class RecordFramer
{
    private byte[] _partial = [];
    private int _partialLength;
    private bool _partialTaken;

    /// <summary>Whether records are now protected, which allows them to be longer.</summary>
    public bool IsProtected { get; set; }

    /// <summary>Takes one record off the input.</summary>
    /// <returns>False if the input is used up, or at a fault.</returns>
    public bool TryTake(ref ReadOnlySpan<byte> input, out Record record, out TlsAlert? fault)
    {
        record = default;
        fault = null;
        if (_partialTaken)
        {
            _partialLength = 0;
            _partialTaken = false;
        }

        if (_partialLength == 0)
        {
            if (TrySize(input, out int size, out fault) && size <= input.Length)
            {
                record = Cut(input[..size]);
                input = input[size..];
                return true;
            }

            if (fault is not null)
            {
                return false;
            }
        }

        return TryComplete(ref input, out record, out fault);
    }

    /// <summary>Drops what waits.</summary>
    public void Clear()
    {
        CryptographicOperations.ZeroMemory(_partial);
        _partial = [];
        _partialLength = 0;
        _partialTaken = false;
    }

    private bool TryComplete(ref ReadOnlySpan<byte> input, out Record record, out TlsAlert? fault)
    {
        record = default;
        fault = null;
        while (!input.IsEmpty)
        {
            Span<byte> held = _partial.AsSpan(0, _partialLength);
            int needed = TrySize(held, out int size, out fault) ? size : RecordLimits.HeaderSize;
            if (fault is not null)
            {
                return false;
            }

            Keep(ref input, needed);
            if (_partialLength == needed && needed > RecordLimits.HeaderSize)
            {
                record = Cut(_partial.AsSpan(0, needed));
                _partialTaken = true;
                return true;
            }

            // A header that just became whole is judged at once, without its body.
            if (_partialLength == RecordLimits.HeaderSize
                && TrySize(_partial.AsSpan(0, _partialLength), out size, out fault)
                && size == RecordLimits.HeaderSize)
            {
                record = Cut(_partial.AsSpan(0, size));
                _partialTaken = true;
                return true;
            }

            if (fault is not null)
            {
                return false;
            }
        }

        return false;
    }

    private void Keep(ref ReadOnlySpan<byte> input, int needed)
    {
        if (_partial.Length < needed)
        {
            Array.Resize(ref _partial, needed);
        }

        int taken = Math.Min(needed - _partialLength, input.Length);
        input[..taken].CopyTo(_partial.AsSpan(_partialLength));
        _partialLength += taken;
        input = input[taken..];
    }

    private bool TrySize(ReadOnlySpan<byte> bytes, out int size, out TlsAlert? fault)
    {
        size = 0;
        fault = null;

        // The type is judged from its first byte: what is not TLS is refused before five bytes have come.
        if (!bytes.IsEmpty && bytes[0] is < (byte)ContentType.ChangeCipherSpec or > (byte)ContentType.ApplicationData)
        {
            fault = TlsAlert.UnexpectedMessage;
            return false;
        }

        if (bytes.Length < RecordLimits.HeaderSize)
        {
            return false;
        }

        // The version is ignored (RFC 8446, section 5.1); in a protected record it is authenticated.
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
        int lengthMax = RecordLimits.ContentMax + (IsProtected ? RecordLimits.ExpansionMax : 0);
        if (length > lengthMax)
        {
            fault = TlsAlert.RecordOverflow;
            return false;
        }

        size = RecordLimits.HeaderSize + length;
        return true;
    }

    private static Record Cut(ReadOnlySpan<byte> whole) =>
        new((ContentType)whole[0], whole[..RecordLimits.HeaderSize], whole[RecordLimits.HeaderSize..]);
}
