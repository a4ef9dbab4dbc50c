using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Membership;

/// <summary>The reply to a command to the membership, 5 bytes. Byte table: docs/formats/membership.md.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Missing">Validators that must still support the change.</param>
public readonly record struct MembershipReply(MembershipStatus Status, uint Missing)
{
    /// <summary>The encoded reply.</summary>
    public byte[] Encode() => new WireWriter(5).U8((byte)Status).U32(Missing).ToArray();

    /// <summary>Reads a reply.</summary>
    /// <param name="encoded">Untrusted bytes.</param>
    /// <param name="reply">The reply, or default.</param>
    /// <returns>False if the bytes are no reply.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, out MembershipReply reply)
    {
        var reader = new WireReader(encoded);
        reply = new MembershipReply((MembershipStatus)reader.U8(), reader.U32());
        bool ok = reader.AtEnd && reply.Status is > MembershipStatus.None and <= MembershipStatus.NotProven;
        reply = ok ? reply : default;
        return ok;
    }
}
