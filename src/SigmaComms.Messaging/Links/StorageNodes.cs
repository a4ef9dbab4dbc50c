using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>The nodes that keep fragments, by the membership that the control log has agreed on.</summary>
/// <param name="Epoch">
/// The block that changed a storage node's state last: it grows whenever fragments are to be placed anew.
/// </param>
/// <param name="Nodes">The nodes, by id.</param>
public sealed record StorageNodes(ulong Epoch, IReadOnlyList<StorageNodeStatus> Nodes) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.StorageNodes;

    internal override void WriteBody(WireWriter writer)
    {
        writer.U64(Epoch);
        LinkWire.WriteList(writer, Nodes, static (w, item) => item.Write(w));
    }

    internal static StorageNodes Read(ref WireReader reader) => new(
        reader.U64(),
        LinkWire.ReadList(ref reader, LinkLimits.Members, StorageNodeStatus.Read));
}
