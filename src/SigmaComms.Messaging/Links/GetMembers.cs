using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// Asks a node for the members of its view, a page at a time, in the order of their ids. Reply:
/// <see cref="MembersPage"/>.
/// </summary>
/// <param name="After">The last one that is known already; the zero id to begin.</param>
public sealed record GetMembers(NodeId After) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.GetMembers;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(After.Value);
    }

    internal static GetMembers Read(ref WireReader reader) => new(new NodeId(reader.Digest()));
}
