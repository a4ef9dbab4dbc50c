using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Remoting;

/// <summary>One version of one kind of message.</summary>
internal abstract class RegisteredMessage
{
    private RegisteredMessage()
    {
    }

    public required uint Id { get; init; }

    public required byte Version { get; init; }

    public required Lane Lane { get; init; }

    public abstract Type Type { get; }

    public abstract void Write(object message, WireWriter writer, IActorPointers actors);

    /// <summary>Encodes a message. False: its codec failed, and what was written does not count.</summary>
    public bool TryWrite(object message, WireWriter writer, IActorPointers actors)
    {
        try
        {
            Write(message, writer, actors);
            return true;
        }
        catch (Exception)
        {
            // Codecs are the code of others, and sending never throws.
            return false;
        }
    }

    /// <summary>Decodes a message; null if it is none, or its codec fails on these bytes.</summary>
    public object? TryRead(ref WireReader reader, IActorPointers actors)
    {
        try
        {
            return Read(ref reader, actors);
        }
        catch (Exception)
        {
            // Codecs are the code of others, and no byte of a peer may throw past them.
            return null;
        }
    }

    public abstract object? Read(ref WireReader reader, IActorPointers actors);

    /// <summary>One version of one kind of message, with its codec.</summary>
    internal sealed class Of<T>(IMessageCodec<T> codec) : RegisteredMessage
        where T : notnull
    {
        public override Type Type => typeof(T);

        public override void Write(object message, WireWriter writer, IActorPointers actors) =>
            codec.Write((T)message, writer, actors);

        public override object? Read(ref WireReader reader, IActorPointers actors) =>
            codec.Read(ref reader, actors);
    }
}
