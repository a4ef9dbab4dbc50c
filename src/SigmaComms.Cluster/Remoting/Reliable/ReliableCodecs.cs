using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Remoting.Reliable;

/// <summary>Lets the messages of reliable streams travel between nodes.</summary>
public static class ReliableCodecs
{
    /// <summary>The permanent number of a <see cref="ReliableMessage"/>.</summary>
    public const uint MessageId = 0xFFFF_0001;

    /// <summary>The permanent number of a <see cref="ReliableAck"/>.</summary>
    public const uint AckId = 0xFFFF_0002;

    private const int FieldBytes = Digest16.SizeBytes + 8;

    /// <summary>The most bytes of a payload that fits into one message between nodes.</summary>
    public const int PayloadBytesMax = MessageRegistry.MessageBytesMax - FieldBytes;

    /// <summary>Registers both.</summary>
    /// <param name="registry">Where.</param>
    public static void Register(MessageRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.Register(MessageId, 1, new OfMessage());
        registry.Register(AckId, 1, new OfAck());
    }

    private static void WriteStream(WireWriter writer, Digest16 stream) => writer.Fixed(stream.ToArray());

    private static Digest16 ReadStream(ref WireReader reader)
    {
        ReadOnlySpan<byte> bytes = reader.Fixed(Digest16.SizeBytes);
        return bytes.IsEmpty ? default : new Digest16(bytes);
    }

    private sealed class OfMessage : IMessageCodec<ReliableMessage>
    {
        public void Write(ReliableMessage message, WireWriter writer, IActorPointers actors)
        {
            WriteStream(writer, message.Stream);
            writer.U64(message.Sequence).Fixed(message.Payload.Span);
        }

        public ReliableMessage Read(ref WireReader reader, IActorPointers actors) =>
            new(ReadStream(ref reader), reader.U64(), reader.Rest().ToArray());
    }

    private sealed class OfAck : IMessageCodec<ReliableAck>
    {
        public void Write(ReliableAck message, WireWriter writer, IActorPointers actors)
        {
            WriteStream(writer, message.Stream);
            writer.U64(message.UpTo);
        }

        public ReliableAck Read(ref WireReader reader, IActorPointers actors) =>
            new(ReadStream(ref reader), reader.U64());
    }
}
