using SigmaComms.Actors;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Remoting;

/// <summary>For messages that stay on a disk: a reference would mean nothing there later.</summary>
public sealed class NoPointers : IActorPointers
{
    private NoPointers()
    {
    }

    /// <summary>The one instance.</summary>
    public static NoPointers Instance { get; } = new();

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is an actor.</exception>
    public void Write(WireWriter writer, IActorRef? actor)
    {
        if (actor is not null)
        {
            throw new ArgumentException($"{actor.Path} cannot be kept outside of its process.", nameof(actor));
        }

        default(ActorPointer).Write(writer);
    }

    /// <inheritdoc/>
    public IActorRef? Read(ref WireReader reader)
    {
        if (ActorPointer.Read(ref reader).Owner != ActorOwner.Nobody)
        {
            reader.Fail();
        }

        return null;
    }
}
