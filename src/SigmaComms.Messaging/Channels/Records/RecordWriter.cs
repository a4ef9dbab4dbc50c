using System.Buffers;
using System.Buffers.Binary;

namespace SigmaComms.Messaging.Channels.Records;

/// <summary>Writes records, in plain until a key is set and protected from then on.</summary>
/// <standard>RFC 8446, section 5.</standard>
internal sealed class RecordWriter : IDisposable
{
    public RecordProtection? Protection { get; private set; }

    /// <summary>Bytes written so far.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Replaces the key; what follows is protected with it.</summary>
    public void Use(RecordProtection protection)
    {
        Protection?.Dispose();
        Protection = protection;
    }

    /// <summary>Cuts content into records and writes them.</summary>
    public void Write(
        ContentType type, ReadOnlySpan<byte> content, IBufferWriter<byte> toPeer, ushort version = RecordLimits.Version)
    {
        do
        {
            int size = Math.Min(content.Length, RecordLimits.ContentMax);
            WriteOne(type, content[..size], toPeer, version);
            content = content[size..];
        }
        while (!content.IsEmpty);
    }

    /// <summary>Writes a change_cipher_spec record, which is never protected.</summary>
    public void WriteChangeCipherSpec(IBufferWriter<byte> toPeer) =>
        WritePlain(ContentType.ChangeCipherSpec, [1], toPeer, RecordLimits.Version);

    public void Dispose() => Protection?.Dispose();

    private void WriteOne(
        ContentType type, ReadOnlySpan<byte> content, IBufferWriter<byte> toPeer, ushort version)
    {
        if (Protection is null)
        {
            WritePlain(type, content, toPeer, version);
            return;
        }

        int size = RecordProtection.SealedSize(content.Length);
        Protection.Seal(type, content, toPeer.GetSpan(size)[..size]);
        toPeer.Advance(size);
        BytesWritten += size;
    }

    private void WritePlain(
        ContentType type, ReadOnlySpan<byte> content, IBufferWriter<byte> toPeer, ushort version)
    {
        int size = RecordLimits.HeaderSize + content.Length;
        Span<byte> record = toPeer.GetSpan(size);
        record[0] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(record[1..], version);
        BinaryPrimitives.WriteUInt16BigEndian(record[3..], (ushort)content.Length);
        content.CopyTo(record[RecordLimits.HeaderSize..]);
        toPeer.Advance(size);
        BytesWritten += size;
    }
}
