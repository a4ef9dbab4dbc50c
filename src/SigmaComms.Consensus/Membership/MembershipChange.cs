using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Membership;

/// <summary>
/// What only those who govern may do: an operator named at the genesis alone, or enough validators together. Byte
/// table: docs/formats/membership.md.
/// </summary>
public abstract record MembershipChange
{
    /// <summary>Most operators: 16.</summary>
    public const int OperatorsMax = 16;

    private static ReadOnlySpan<byte> Label => "SigmaComms membership change v1"u8;

    private MembershipChange()
    {
    }

    /// <summary>Admits a node that asked for it.</summary>
    /// <param name="Request">What the node asked.</param>
    public sealed record Admit(NodeRequest Request) : MembershipChange;

    /// <summary>Evicts a node.</summary>
    /// <param name="Node">The node.</param>
    public sealed record Evict(NodeId Node) : MembershipChange;

    /// <summary>Gives a node another place.</summary>
    /// <param name="Node">The node.</param>
    /// <param name="Place">Its new roles, zone and weight.</param>
    public sealed record Move(NodeId Node, NodePlace Place) : MembershipChange;

    /// <summary>Ends an epoch, so that the announced voting keys come into force.</summary>
    /// <param name="Epoch">The epoch to end; another one than the present is refused.</param>
    public sealed record EndEpoch(Epoch Epoch) : MembershipChange;

    /// <summary>Names who may change the membership alone.</summary>
    /// <param name="Operators">The hashes of their ML-DSA-65 keys, at most 16, ascending; none is allowed.</param>
    public sealed record SetOperators(IReadOnlyList<NodeId> Operators) : MembershipChange;

    /// <summary>What validators agree on when they support the same change.</summary>
    public Digest ComputeDigest()
    {
        WireWriter writer = new();
        writer.Opaque8(Label);
        WriteTo(writer);
        return Digest.Sha256(writer.Written);
    }

    /// <summary>Writes the change.</summary>
    /// <param name="writer">Receives it.</param>
    public void WriteTo(WireWriter writer)
    {
        switch (this)
        {
            case Admit admit:
                writer.U8(1).Opaque16(admit.Request.Encoded.Span);
                break;
            case Evict evict:
                writer.U8(2).Digest(evict.Node.Value);
                break;
            case Move move:
                writer.U8(3).Digest(move.Node.Value);
                move.Place.WriteTo(writer);
                break;
            case EndEpoch end:
                writer.U8(4).U64(end.Epoch.Value);
                break;
            case SetOperators set:
                writer.U8(5);
                NodeIdList.Write(writer, set.Operators);
                break;
        }
    }

    /// <summary>Reads a change; the reader fails if there is none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    /// <param name="change">The change, or null; the signatures in it are not verified.</param>
    /// <returns>False, with a failed reader, if the bytes are no change.</returns>
    public static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out MembershipChange? change)
    {
        change = null;
        switch (reader.U8())
        {
            case 1:
                byte[] request = reader.Opaque16(NodeRequest.EncodedSizeMax).ToArray();
                change = NodeRequest.TryDecode(request, out NodeRequest? decoded) ? new Admit(decoded) : null;
                break;
            case 2:
                change = new Evict(new NodeId(reader.Digest()));
                break;
            case 3:
                NodeId node = new(reader.Digest());
                change = NodePlace.TryRead(ref reader, out NodePlace? place) ? new Move(node, place) : null;
                break;
            case 4:
                change = new EndEpoch(new Epoch(reader.U64()));
                break;
            case 5:
                change = new SetOperators(NodeIdList.Read(ref reader, OperatorsMax));
                break;
        }

        if (change is null)
        {
            reader.Fail();
        }

        change = reader.Failed ? null : change;
        return change is not null;
    }
}
