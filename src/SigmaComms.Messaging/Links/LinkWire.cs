using System.Text;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>The field types of link messages in the TLS presentation language.</summary>
internal static class LinkWire
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, true);

    public static void Write(WireWriter writer, Digest16 value)
    {
        Span<byte> bytes = stackalloc byte[Links.Digest16.SizeBytes];
        value.CopyTo(bytes);
        writer.Fixed(bytes);
    }

    public static Digest16 Digest16(ref WireReader reader)
    {
        ReadOnlySpan<byte> bytes = reader.Fixed(Links.Digest16.SizeBytes);
        return bytes.IsEmpty ? default : new Digest16(bytes);
    }

    /// <summary>Bytes with a three-byte length, in rented room; null if there are none.</summary>
    public static RentedBytes? Rented(ref WireReader reader, int maxBytes)
    {
        ReadOnlySpan<byte> bytes = reader.Opaque24(maxBytes);
        return bytes.IsEmpty ? null : RentedBytes.CopyOf(bytes);
    }

    public static void Write(WireWriter writer, string text) => writer.Opaque16(StrictUtf8.GetBytes(text));

    public static string Text(ref WireReader reader, int maxBytes)
    {
        ReadOnlySpan<byte> bytes = reader.Opaque16(maxBytes);
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            reader.Fail();
            return string.Empty;
        }
    }

    public static T Enum<T>(ref WireReader reader)
        where T : struct, Enum
    {
        byte value = reader.U8();
        if (typeof(T) == typeof(RefusalReason))
        {
            // A newer peer may refuse for a reason that is not known here; it stays a refusal.
            return (T)(object)(System.Enum.IsDefined((RefusalReason)value) ? (RefusalReason)value : default);
        }

        T parsed = (T)System.Enum.ToObject(typeof(T), value);
        if (!System.Enum.IsDefined(parsed))
        {
            reader.Fail();
        }

        return parsed;
    }

    public static void Write(WireWriter writer, NodeId? id)
    {
        writer.Flag(id is not null);
        if (id is { } present)
        {
            writer.Digest(present.Value);
        }
    }

    public static NodeId? OptionalNode(ref WireReader reader) =>
        reader.Flag() ? new NodeId(reader.Digest()) : null;

    public static void WriteOptional(WireWriter writer, string? text)
    {
        writer.Flag(text is not null);
        if (text is not null)
        {
            Write(writer, text);
        }
    }

    public static string? OptionalText(ref WireReader reader, int maxBytes) =>
        reader.Flag() ? Text(ref reader, maxBytes) : null;

    public static void Write(WireWriter writer, IReadOnlyList<Digest16> ids) =>
        WriteList(writer, ids, static (w, id) => Write(w, id));

    public static IReadOnlyList<Digest16> Digests(ref WireReader reader, int maxCount) =>
        ReadList(ref reader, maxCount, Digest16);

    public static void Write(WireWriter writer, IReadOnlyList<ReadOnlyMemory<byte>> blobs) =>
        WriteList(writer, blobs, static (w, blob) => w.Opaque24(blob.Span));

    public static IReadOnlyList<ReadOnlyMemory<byte>> Blobs(ref WireReader reader, int maxCount, int maxBytes)
    {
        int count = reader.U16();
        var blobs = new List<ReadOnlyMemory<byte>>();
        if (count > maxCount)
        {
            reader.Fail();
        }

        for (int i = 0; i < count && !reader.Failed; i++)
        {
            blobs.Add(reader.Opaque24(maxBytes).ToArray());
        }

        return blobs;
    }

    public static void WriteList<T>(WireWriter writer, IReadOnlyList<T> items, Action<WireWriter, T> write)
    {
        writer.U16(checked((ushort)items.Count));
        for (int i = 0; i < items.Count; i++)
        {
            write(writer, items[i]);
        }
    }

    public static IReadOnlyList<T> ReadList<T>(ref WireReader reader, int maxCount, LinkPartReader<T> read)
    {
        int count = reader.U16();
        var items = new List<T>();
        if (count > maxCount)
        {
            reader.Fail();
        }

        // The list grows with what is really there, so that a false count costs no memory.
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            items.Add(read(ref reader));
        }

        return items;
    }
}
