using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.WriteAhead;

/// <summary>The records of a turn, each copied once, into the bytes that go to the disk.</summary>
internal sealed class WalGroupBuffer
{
    private const int KeptSizeBytes = 2 << 20;

    private byte[] _bytes = new byte[64 << 10];

    /// <summary>Records in it.</summary>
    public int RecordCount { get; private set; }

    /// <summary>Bytes of the records.</summary>
    public int BodySize { get; private set; }

    /// <summary>Adds a record.</summary>
    public void Add(ulong number, byte type, ReadOnlySpan<byte> payload)
    {
        int at = GroupHeader.SizeBytes + BodySize;
        int sizeBytes = WalFormat.RecordHeadSize + payload.Length;
        int needed = WalFormat.RoundUp(at + sizeBytes);
        if (_bytes.Length < needed)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        }

        WalFormat.WriteRecord(_bytes.AsSpan(at, sizeBytes), number, type, payload);
        BodySize += sizeBytes;
        RecordCount++;
    }

    /// <summary>The whole group in full sectors.</summary>
    public ReadOnlySpan<byte> Seal(ref GroupHeader header, Digest logId)
    {
        Span<byte> extent = _bytes.AsSpan(0, header.ExtentBytes);
        extent[(GroupHeader.SizeBytes + BodySize)..].Clear();
        header = header.Seal(extent, logId);
        return extent;
    }

    /// <summary>Makes room for the next turn; a buffer that a rare large turn made is given back.</summary>
    public void Clear()
    {
        (RecordCount, BodySize) = (0, 0);
        if (_bytes.Length > KeptSizeBytes)
        {
            _bytes = new byte[KeptSizeBytes];
        }
    }
}
