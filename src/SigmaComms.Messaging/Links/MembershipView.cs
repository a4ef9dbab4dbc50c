using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// Names one state of who is admitted to the cluster. The number never falls while a node runs; two views with the same
/// number and another digest have grown apart, and whoever sees both learns what it lacks.
/// </summary>
/// <param name="Number">How far membership has got; 0: not known.</param>
/// <param name="Digest">Of the members, so that two views of one number can be told apart.</param>
public readonly record struct MembershipView(ulong Number, Digest16 Digest)
{
    /// <summary>Whether this view may hold members that the other lacks.</summary>
    /// <param name="other">The other view.</param>
    public bool MayExceed(MembershipView other) =>
        Number > other.Number || (Number == other.Number && Digest != other.Digest);

    internal void Write(WireWriter writer)
    {
        writer.U64(Number);
        LinkWire.Write(writer, Digest);
    }

    internal static MembershipView Read(ref WireReader reader) => new(reader.U64(), LinkWire.Digest16(ref reader));
}
