using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Transparency;

/// <summary>
/// What the log knows of a node, or that it never was a member, with what shows it. Byte table:
/// docs/formats/log-answer.md.
/// </summary>
/// <param name="Opening">The parts of the membership's root.</param>
/// <param name="Map">What stands at the node in the map of members.</param>
/// <param name="Member">The node as the log knows it; null if it never was a member.</param>
public sealed record MemberProof(MembershipOpening Opening, MapProof Map, Member? Member)
{
    /// <summary>Whether this holds for a node.</summary>
    /// <param name="node">The node asked for.</param>
    /// <param name="root">The trusted root of the membership.</param>
    public bool Verify(NodeId node, Digest root) =>
        Opening.Root == root
        && (Member is null
            ? Map.VerifyAbsence(node.Value, Opening.Members)
            : Member.Node == node && Map.VerifyPresence(node.Value, Member.ComputeDigest(), Opening.Members));

    internal void WriteTo(WireWriter writer)
    {
        writer.Digest(Opening.Members).Digest(Opening.Rest);
        Map.WriteTo(writer);
        writer.Flag(Member is not null);
        Member?.WriteTo(writer);
    }

    internal static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out MemberProof? proof)
    {
        proof = null;
        MembershipOpening opening = new(reader.Digest(), reader.Digest());
        if (!MapProof.TryRead(ref reader, out MapProof? map))
        {
            return false;
        }

        Member? member = null;
        if (reader.Flag() && !Membership.Member.TryRead(ref reader, out member))
        {
            reader.Fail();
        }

        proof = reader.Failed ? null : new MemberProof(opening, map, member);
        return proof is not null;
    }
}
