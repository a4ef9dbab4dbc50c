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
