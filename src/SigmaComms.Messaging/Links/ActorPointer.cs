using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// An actor on the wire: the node of the two that owns it, and that node's number of it. The batch around it names both
/// processes.
/// </summary>
/// <param name="Owner">Whose actor.</param>
/// <param name="Actor">The owner's number; 0 if it is nobody's.</param>
public readonly record struct ActorPointer(ActorOwner Owner, ulong Actor)
{
    /// <summary>Appends the pointer.</summary>
    /// <param name="writer">Where.</param>
    public void Write(WireWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.U8((byte)Owner);
        if (Owner != ActorOwner.Nobody)
        {
            writer.U64(Actor);
        }
    }

    /// <summary>Reads a pointer; fails the reader if it is none.</summary>
    /// <param name="reader">From where.</param>
    public static ActorPointer Read(ref WireReader reader)
    {
        ActorOwner owner = LinkWire.Enum<ActorOwner>(ref reader);
        return new ActorPointer(owner, owner == ActorOwner.Nobody ? 0 : reader.U64());
    }
}
