using System.Buffers.Binary;
using System.Collections;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Attachments;

/// <summary>
/// One attachment on disk: slots of equal size, one per chunk, each with a length and a checksum, so that a chunk
/// that a crash left half-written counts as missing. Belongs to the attachments' actor.
/// </summary>
internal sealed class AttachmentFile : IDisposable
{
    /// <summary>Bytes of a slot before its chunk: length and truncated SHA-256.</summary>
    private const int HeadBytes = 4 + 16;
    private const int SlotBytes = HeadBytes + LinkLimits.ChunkBytes;

    private readonly SafeFileHandle _handle;
    private readonly BitArray _present;

    private AttachmentFile(SafeFileHandle handle, uint count)
    {
        _handle = handle;
        Count = count;
        _present = new BitArray((int)count);
    }

    /// <summary>Chunks the attachment has.</summary>
    public uint Count { get; }

    /// <summary>Chunks that are here.</summary>
    public int Present { get; private set; }

    /// <summary>Bytes of the chunks that are here.</summary>
    public long Bytes { get; private set; }

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
        Span<byte> head = stackalloc byte[HeadBytes];
        uint slots = (uint)Math.Min(count, (RandomAccess.GetLength(handle) + SlotBytes - 1) / SlotBytes);
        for (uint i = 0; i < slots; i++)
        {
            if (RandomAccess.Read(handle, head, (long)i * SlotBytes) == HeadBytes
                && BinaryPrimitives.ReadInt32BigEndian(head) is > 0 and <= LinkLimits.ChunkBytes and var length)
            {
                file.Note(i, length);
            }
        }

        return file;
    }

    /// <summary>One bit for each chunk, lowest first: whether it is here.</summary>
    public byte[] PresentBits()
    {
        byte[] bits = new byte[((int)Count + 7) / 8];
        _present.CopyTo(bits, 0);
        return bits;
    }

    /// <summary>Whether the chunk is here.</summary>
    public bool Has(uint index) => index < Count && _present[(int)index];

    /// <summary>Writes a chunk; it is durable after the next <see cref="Flush"/>.</summary>
    public void Write(uint index, ReadOnlyMemory<byte> content)
    {
        byte[] slot = new byte[HeadBytes + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(slot, content.Length);
        content.CopyTo(slot.AsMemory(HeadBytes));
        Checksum(content.Span).CopyTo(slot.AsSpan(4));
        IsDirty = true;
        RandomAccess.Write(_handle, slot, (long)index * SlotBytes);
        Note(index, content.Length);
    }

    /// <summary>Reads a chunk; null if it is missing or damaged.</summary>
    public ReadOnlyMemory<byte>? Read(uint index)
    {
        if (!Has(index))
        {
            return null;
        }

        byte[] slot = new byte[SlotBytes];
        int read = 0;
        int more = 1;
        while (read < slot.Length && more > 0)
        {
            more = RandomAccess.Read(_handle, slot.AsSpan(read), ((long)index * SlotBytes) + read);
            read += more;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(slot);
        if (length is <= 0 or > LinkLimits.ChunkBytes || read < HeadBytes + length)
        {
            return null;
        }

        Memory<byte> content = slot.AsMemory(HeadBytes, length);
        return Checksum(content.Span).AsSpan().SequenceEqual(slot.AsSpan(4, 16))
            ? new ReadOnlyMemory<byte>?(content)
            : null;
    }

    /// <summary>Makes what was written durable.</summary>
    public void Flush()
    {
        RandomAccess.FlushToDisk(_handle);
        IsDirty = false;
    }

    public void Dispose() => _handle.Dispose();

    private static byte[] Checksum(ReadOnlySpan<byte> content) => SHA256.HashData(content)[..16];

    private void Note(uint index, int length)
    {
        if (!_present[(int)index])
        {
            _present[(int)index] = true;
            Present++;
            Bytes += length;
        }
    }
}
