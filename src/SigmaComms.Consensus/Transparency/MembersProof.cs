using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Transparency;

/// <summary>
/// All nodes that are or ever were members, so that none can be left out: whoever verifies it makes the map of them
/// anew. Byte table: docs/formats/log-answer.md.
/// </summary>
/// <param name="Opening">The parts of the membership's root.</param>
/// <param name="Members">The members, ascending by id.</param>
public sealed record MembersProof(MembershipOpening Opening, IReadOnlyList<Member> Members)
{
    /// <summary>The most members: 1,024.</summary>
    public const int MembersMax = 1_024;

    /// <summary>Whether these are all, as the log knows them.</summary>
    /// <param name="root">The trusted root of the membership.</param>
    public bool Verify(Digest root) => Opening.Root == root
        && Members.Aggregate(MerkleMap<Member>.Empty, static (map, member) => map.Set(member.Node.Value, member)).Root
            == Opening.Members;

    internal void WriteTo(WireWriter writer)
    {
        writer.Digest(Opening.Members).Digest(Opening.Rest).U16(checked((ushort)Members.Count));
        foreach (Member member in Members)
        {
            member.WriteTo(writer);
        }
    }

    internal static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out MembersProof? proof)
    {
        proof = null;
        MembershipOpening opening = new(reader.Digest(), reader.Digest());
        int count = reader.U16();
        if (count > MembersMax)
        {
            reader.Fail();
        }

        List<Member> members = [];
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            if (!Member.TryRead(ref reader, out Member? member) || (i > 0 && member.Node <= members[^1].Node))
            {
                reader.Fail();
                return false;
            }

            members.Add(member);
        }

        proof = reader.Failed ? null : new MembersProof(opening, members);
        return proof is not null;
    }
}
