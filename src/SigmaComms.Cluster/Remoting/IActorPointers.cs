using SigmaComms.Actors;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Cluster.Remoting;

/// <summary>References to actors inside of a message.</summary>
public interface IActorPointers
{
    /// <summary>Appends a reference; from now on the receiver may address the actor.</summary>
    /// <param name="writer">Where.</param>
    /// <param name="actor">The actor, or null for nobody.</param>
    void Write(WireWriter writer, IActorRef? actor);

    /// <summary>Reads a reference; fails the reader if it is none, or of an actor that was never given.</summary>
    /// <param name="reader">From where.</param>
    /// <returns>The actor, or null for nobody.</returns>
    IActorRef? Read(ref WireReader reader);
}
