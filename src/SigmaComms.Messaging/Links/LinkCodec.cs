using System.Buffers;
using System.Buffers.Binary;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// Frames of a link: u32 length of the rest | u16 message number | u8 version | u8 kind | u64 correlation | body.
/// See docs/formats/link-frames.md.
/// </summary>
public static class LinkCodec
{
    /// <summary>Bytes of the length field: 4.</summary>
    public const int LengthSize = 4;

    /// <summary>Bytes between length and body: 12.</summary>
    public const int HeaderSize = 12;

    /// <summary>Appends one frame.</summary>
    /// <param name="message">What to send.</param>
    /// <param name="kind">Request, reply or push.</param>
    /// <param name="correlation">The request's number; 0 for a push.</param>
    /// <param name="output">Receives the frame.</param>
    /// <exception cref="ArgumentException">The frame would be over <see cref="LinkLimits.FrameBytes"/>.</exception>
    public static void Write(LinkMessage message, FrameKind kind, ulong correlation, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(output);
        var body = new WireWriter();
        message.WriteBody(body);
        ReadOnlyMemory<byte> tail = message.Tail;
        int length = HeaderSize + body.Length + tail.Length;
        if (length > LinkLimits.FrameBytes)
        {
            throw new ArgumentException($"A frame of {length} bytes is over the limit.", nameof(message));
        }

        int written = LengthSize + HeaderSize + body.Length;
        Span<byte> frame = output.GetSpan(written);
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)length);
        BinaryPrimitives.WriteUInt16BigEndian(frame[4..], message.WireId);
        frame[6] = message.FieldsVersion;
        frame[7] = (byte)kind;
        BinaryPrimitives.WriteUInt64BigEndian(frame[8..], correlation);
        body.Written.CopyTo(frame[(LengthSize + HeaderSize)..]);
        output.Advance(written);
        if (!tail.IsEmpty)
        {
            output.Write(tail.Span);
        }
    }

    /// <summary>Reads one frame from untrusted bytes. Never throws.</summary>
    /// <param name="input">What arrived; moves behind the frame if one was read.</param>
    /// <param name="frame">The frame; for an unknown message without its content.</param>
    /// <returns>Whether a frame was read, or why not.</returns>
    public static FrameStatus TryRead(ref ReadOnlySequence<byte> input, out LinkFrame frame)
    {
        frame = default;
        if (input.Length < LengthSize)
        {
            return FrameStatus.NeedMore;
        }

        Span<byte> head = stackalloc byte[LengthSize + HeaderSize];
        input.Slice(0, LengthSize).CopyTo(head);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(head);
        if (length > LinkLimits.FrameBytes)
        {
            return FrameStatus.TooLarge;
        }

        if (length < HeaderSize)
        {
            return FrameStatus.Malformed;
        }

        if (input.Length < LengthSize + length)
        {
            return FrameStatus.NeedMore;
        }

        input.Slice(0, head.Length).CopyTo(head);
        ReadOnlySequence<byte> body = input.Slice(head.Length, (int)length - HeaderSize);
        input = input.Slice(LengthSize + length);
        return Decode(head, body, out frame);
    }

    private static FrameStatus Decode(ReadOnlySpan<byte> head, ReadOnlySequence<byte> body, out LinkFrame frame)
    {
        frame = default;
        ushort id = BinaryPrimitives.ReadUInt16BigEndian(head[4..]);
        byte version = head[6];
        var kind = (FrameKind)head[7];
        ulong correlation = BinaryPrimitives.ReadUInt64BigEndian(head[8..]);
        bool numbered = correlation != 0;
        if (version == 0 || kind is not (FrameKind.Request or FrameKind.Reply or FrameKind.Push)
            || numbered == (kind == FrameKind.Push))
        {
            return FrameStatus.Malformed;
        }

        LinkBodyReader? read = LinkRegistry.Find(id);
        if (read is null)
        {
            frame = new LinkFrame(kind, correlation, null);
            return FrameStatus.UnknownMessage;
        }

        LinkMessage? message = body.IsSingleSegment
            ? ReadBody(read, version, body.FirstSpan)
            : ReadScattered(read, version, body);
        if (message is null)
        {
            return FrameStatus.Malformed;
        }

        frame = new LinkFrame(kind, correlation, message);
        return FrameStatus.Read;
    }

    private static LinkMessage? ReadScattered(LinkBodyReader read, byte version, ReadOnlySequence<byte> body)
    {
        int length = (int)body.Length;
        byte[] room = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            body.CopyTo(room);
            return ReadBody(read, version, room.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private static LinkMessage? ReadBody(LinkBodyReader read, byte version, ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        LinkMessage message = read(ref reader);

        // Fields are only ever appended: of a later version the known part is read, of this one all must be.
        bool isWhole = !reader.Failed
            && message.FieldsVersion == Math.Min(version, message.LatestFieldsVersion)
            && (version > message.LatestFieldsVersion || reader.AtEnd);
        return isWhole ? message : null;
    }
}
