using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// Why the asker takes the receiver for an owner of a mailbox. The receiver compares it with its own view and refuses
/// with <see cref="RefusalReason.StaleView"/> if a view at least as new says otherwise.
/// </summary>
/// <param name="View">The asker's view.</param>
/// <param name="Owners">How many nodes own a mailbox; 1 for the one it is read from.</param>
/// <param name="PassedOver">Better nodes that the asker cannot use at the moment.</param>
public sealed record OwnershipClaim(MembershipView View, byte Owners, IReadOnlyList<NodeId> PassedOver)
{
    internal void Write(WireWriter writer)
    {
        View.Write(writer);
        writer.U8(Owners);
        LinkWire.WriteList(writer, PassedOver, static (w, node) => w.Digest(node.Value));
    }

    internal static OwnershipClaim Read(ref WireReader reader)
    {
        var view = MembershipView.Read(ref reader);
        byte owners = reader.U8();
        if (owners == 0)
        {
            reader.Fail();
        }

        return new OwnershipClaim(view, owners, LinkWire.ReadList(
            ref reader, LinkLimits.PassedOver, static (ref WireReader r) => new NodeId(r.Digest())));
    }

    internal static OwnershipClaim? ReadAtEnd(ref WireReader reader) =>
        reader.Failed || reader.AtEnd ? null : Read(ref reader);
}
