using System.Buffers.Binary;
using System.Collections;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Attachments;

/// <summary>
/// One attachment on disk: its chunks one behind the other in the order they came, so that the file is as long as what
/// it holds. Each has its number, length and checksum; what was not flushed before the process ended is checked when
/// the file is opened, and cut off where it is damaged. Belongs to the attachments' actor.
/// </summary>
internal sealed class AttachmentFile : IDisposable
{
    /// <summary>Bytes before the first chunk: mark, chunks of the attachment, and up to where all is durable.</summary>
    public const int StartBytes = 4 + 4 + 8;

    /// <summary>Bytes before each chunk: number, length and truncated SHA-256.</summary>
    public const int HeadBytes = 4 + 4 + ChecksumBytes;

    private const int ChecksumBytes = 16;
    private const int DurableAt = 8;
    private const uint Mark = 0x53434131;

    private readonly SafeFileHandle _handle;
    private readonly long[] _offsets;
    private readonly BitArray _present;
    private readonly BitArray _checked;

    private AttachmentFile(SafeFileHandle handle, uint count)
    {
        _handle = handle;
        Count = count;
        _offsets = new long[count];
        _present = new BitArray((int)count);
        _checked = new BitArray((int)count);
    }

    /// <summary>Chunks the attachment has.</summary>
    public uint Count { get; }

    /// <summary>Chunks that are here.</summary>
    public int Present { get; private set; }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; private set; } = StartBytes;

    /// <summary>Whether something was written since the last flush to the disk.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>Opens or makes the file and finds out which chunks it has.</summary>
    /// <exception cref="IOException">The world failed.</exception>
    public static AttachmentFile Open(string path, uint count)
    {
        // The journal's lock keeps other processes out of the whole folder.
        SafeFileHandle handle = File.OpenHandle(
            path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var file = new AttachmentFile(handle, count);
        try
        {
            file.Load();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>One bit for each chunk, lowest first: whether it is here.</summary>
    public byte[] PresentBits()
    {
        byte[] bits = new byte[((int)Count + 7) / 8];
        _present.CopyTo(bits, 0);
        return bits;
    }

    /// <summary>Whether the chunk is here and whole; one that is damaged counts as missing from now on.</summary>
    public bool Has(uint index) =>
        index < Count && _present[(int)index] && (_checked[(int)index] || Read(index) is not null);

    /// <summary>Writes a chunk; it is durable after the next <see cref="Flush"/>.</summary>
    public void Write(uint index, ReadOnlyMemory<byte> content)
    {
        byte[] record = new byte[HeadBytes + content.Length];
        BinaryPrimitives.WriteUInt32BigEndian(record, index);
        BinaryPrimitives.WriteInt32BigEndian(record.AsSpan(4), content.Length);
        content.CopyTo(record.AsMemory(HeadBytes));
        Checksum(record).CopyTo(record.AsSpan(8));
        IsDirty = true;

        // If this fails half-way, the next chunk is written over it.
        RandomAccess.Write(_handle, record, Length);
        Note(index, record.Length);
        _checked[(int)index] = true;
    }

    /// <summary>Reads a chunk; null if it is missing or damaged.</summary>
    public ReadOnlyMemory<byte>? Read(uint index)
    {
        if (index >= Count || !_present[(int)index])
        {
            return null;
        }

        if (ReadRecord(_offsets[index], index) is { } content)
        {
            _checked[(int)index] = true;
            return content;
        }

        _present[(int)index] = false;
        Present--;
        return null;
    }

    /// <summary>Makes what was written durable.</summary>
    public void Flush()
    {
        RandomAccess.FlushToDisk(_handle);
        WriteStart(Length);
        IsDirty = false;
    }

    public void Dispose() => _handle.Dispose();

    private static byte[] Checksum(ReadOnlySpan<byte> record)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(record[..8]);
        hash.AppendData(record[HeadBytes..]);
        return hash.GetHashAndReset()[..ChecksumBytes];
    }

    private void Load()
    {
        long length = RandomAccess.GetLength(_handle);
        Span<byte> start = stackalloc byte[StartBytes];
        if (RandomAccess.Read(_handle, start, 0) < StartBytes
            || BinaryPrimitives.ReadUInt32BigEndian(start) != Mark
            || BinaryPrimitives.ReadUInt32BigEndian(start[4..]) != Count)
        {
            // New, or its making was cut short; then nothing in it was ever answered for.
            RandomAccess.SetLength(_handle, 0);
            WriteStart(StartBytes);
            return;
        }

        long durable = BinaryPrimitives.ReadInt64BigEndian(start[DurableAt..]);
        while (TryReadHead(length, out uint index, out int size)
            && (Length + size <= durable || ReadRecord(Length, index) is not null))
        {
            Note(index, size);
        }

        if (length > Length)
        {
            RandomAccess.SetLength(_handle, Length);
        }
    }

    private bool TryReadHead(long fileLength, out uint index, out int size)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        index = 0;
        size = 0;
        if (RandomAccess.Read(_handle, head, Length) < HeadBytes)
        {
            return false;
        }

        index = BinaryPrimitives.ReadUInt32BigEndian(head);
        int length = BinaryPrimitives.ReadInt32BigEndian(head[4..]);
        size = HeadBytes + Math.Clamp(length, 0, LinkLimits.ChunkBytes);
        return index < Count && length is > 0 and <= LinkLimits.ChunkBytes && Length + size <= fileLength;
    }

    private ReadOnlyMemory<byte>? ReadRecord(long offset, uint index)
    {
        byte[] record = new byte[HeadBytes + LinkLimits.ChunkBytes];
        int read = 0;
        int more = 1;
        while (read < record.Length && more > 0)
        {
            more = RandomAccess.Read(_handle, record.AsSpan(read), offset + read);
            read += more;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(record.AsSpan(4));
        if (length is <= 0 or > LinkLimits.ChunkBytes || read < HeadBytes + length
            || BinaryPrimitives.ReadUInt32BigEndian(record) != index)
        {
            return null;
        }

        return Checksum(record.AsSpan(0, HeadBytes + length)).AsSpan().SequenceEqual(record.AsSpan(8, ChecksumBytes))
            ? new ReadOnlyMemory<byte>?(record.AsMemory(HeadBytes, length))
            : null;
    }

    private void WriteStart(long durable)
    {
        Span<byte> start = stackalloc byte[StartBytes];
        BinaryPrimitives.WriteUInt32BigEndian(start, Mark);
        BinaryPrimitives.WriteUInt32BigEndian(start[4..], Count);
        BinaryPrimitives.WriteInt64BigEndian(start[DurableAt..], durable);
        RandomAccess.Write(_handle, start, 0);
    }

    private void Note(uint index, int size)
    {
        _offsets[index] = Length;
        Length += size;
        if (!_present[(int)index])
        {
            _present[(int)index] = true;
            Present++;
        }
    }
}
