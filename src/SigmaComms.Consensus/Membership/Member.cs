using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Consensus.Membership;

/// <summary>A node as the log knows it. Byte table: docs/formats/membership.md.</summary>
public sealed record Member : IMerkleValue
{
    /// <summary>The node.</summary>
    public required NodeId Node { get; init; }

    /// <summary>Its ML-DSA-65 identity key, 1,952 bytes.</summary>
    public required ReadOnlyMemory<byte> NodeKey { get; init; }

    /// <summary>Where it stands in its life.</summary>
    public required MemberState State { get; init; }

    /// <summary>Why it does not belong any more.</summary>
    public EvictionReason Reason { get; init; }

    /// <summary>What it does, and where.</summary>
    public required NodePlace Place { get; init; }

    /// <summary>Where it listens.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>Its voting key for the next epoch, if it announced one.</summary>
    public VotingKeyClaim? VotingKey { get; init; }

    /// <summary>The block that changed its state last.</summary>
    public Height ChangedAt { get; init; }

    private static ReadOnlySpan<byte> Label => "member"u8;

    /// <inheritdoc/>
    public Digest ComputeDigest()
    {
        WireWriter writer = new(8_192);
        writer.Opaque8(Label);
        WriteTo(writer);
        return Digest.Sha256(writer.Written);
    }

    /// <summary>Writes the member.</summary>
    /// <param name="writer">Receives it.</param>
    public void WriteTo(WireWriter writer)
    {
        writer.Fixed(NodeKey.Span).U8((byte)State).U8((byte)Reason);
        Place.WriteTo(writer);
        NodeAddresses.Write(writer, Addresses);
        writer.Flag(VotingKey is not null);
        VotingKey?.WriteTo(writer);
        writer.U64(ChangedAt.Value);
    }

    /// <summary>Reads a member; the reader fails if there is none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    /// <param name="member">The member, or null.</param>
    /// <returns>False, with a failed reader, if the bytes are no member.</returns>
    public static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out Member? member)
    {
        member = null;
        byte[] nodeKey = reader.Fixed(MlDsa65.PublicKeySize).ToArray();
        var state = (MemberState)reader.U8();
        var reason = (EvictionReason)reader.U8();
        if (state is MemberState.None or > MemberState.Evicted || reason > EvictionReason.Convicted
            || !NodePlace.TryRead(ref reader, out NodePlace? place)
            || !NodeAddresses.TryRead(ref reader, out IReadOnlyList<string>? addresses))
        {
            reader.Fail();
            return false;
        }

        VotingKeyClaim? claim = null;
        if (reader.Flag())
        {
            VotingKeyClaim.TryRead(ref reader, out claim);
        }

        Height changedAt = new(reader.U64());
        if (reader.Failed)
        {
            return false;
        }

        member = new Member
        {
            Node = NodeId.Of(nodeKey),
            NodeKey = nodeKey,
            State = state,
            Reason = reason,
            Place = place,
            Addresses = addresses,
            VotingKey = claim,
            ChangedAt = changedAt,
        };
        return true;
    }
}
