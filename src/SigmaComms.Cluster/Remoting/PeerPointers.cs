using SigmaComms.Actors;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Remoting;

/// <summary>The references in one message to or from one peer.</summary>
internal sealed class PeerPointers(RemotePeer peer) : IActorPointers
{
    /// <summary>Whether an actor could not be given or taken, because there are too many already.</summary>
    public bool IsOverfull { get; private set; }

    public void Write(WireWriter writer, IActorRef? actor) => Point(actor).Write(writer);

    public IActorRef? Read(ref WireReader reader)
    {
        ActorPointer pointer = ActorPointer.Read(ref reader);
        return reader.Failed ? null : Find(pointer);
    }

    public ActorPointer Point(IActorRef? actor)
    {
        ActorPointer pointer = peer.Point(actor);
        IsOverfull |= pointer.Owner != ActorOwner.Nobody && pointer.Actor == 0;
        return pointer;
    }

    public IActorRef? Find(ActorPointer pointer)
    {
        if (pointer.Owner == ActorOwner.Nobody)
        {
            return null;
        }

        IActorRef? found = peer.Find(pointer);
        IsOverfull |= found is null;
        return found;
    }
}
