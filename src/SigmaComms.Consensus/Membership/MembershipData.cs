using System.Collections.Immutable;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Membership;

/// <summary>The parts of the membership's state.</summary>
internal sealed record MembershipData
{
    /// <summary>Most members, with those that do not belong any more: 4,096.</summary>
    public const int MembersMax = 4_096;

    private const byte SnapshotVersion = 1;

    public required MerkleMap<Member> Members { get; init; }

    public required ImmutableSortedSet<NodeId> Operators { get; init; }

    public required ValidatorSet Validators { get; init; }

    public ValidatorSet? Previous { get; init; }

    public ValidatorSet? Next { get; init; }

    public bool IsEndRequested { get; init; }

    public ImmutableSortedDictionary<Digest, Proposal> Proposals { get; init; } =
        ImmutableSortedDictionary<Digest, Proposal>.Empty;

    /// <summary>Finds a member.</summary>
    public Member? Find(NodeId node) => Members.TryGet(node.Value, out Member? member) ? member : null;

    /// <summary>The data with a member, new or changed.</summary>
    public MembershipData With(Member member) => this with { Members = Members.Set(member.Node.Value, member) };

    /// <summary>Whether the node votes now, or will when the epoch ends.</summary>
    public bool Votes(NodeId node) => Validators.TryIndexOf(node, out _) || Next?.TryIndexOf(node, out _) == true;

    /// <summary>
    /// The data with its next validators. Once chosen they stay: the block that ends the epoch and the one before it
    /// must name the same ones.
    /// </summary>
    public MembershipData Choose() =>
        Next is not null ? this : this with { Next = HandoverRule.Next(Validators, Members, IsEndRequested) };

    /// <summary>Binds everything but the members.</summary>
    public Digest ComputeRestDigest()
    {
        WireWriter writer = new(16_384);
        WriteRest(writer);
        return Digest.Sha256(writer.Written);
    }

    /// <summary>Writes everything.</summary>
    public void WriteTo(WireWriter writer)
    {
        writer.U8(SnapshotVersion);
        WriteRest(writer);
        writer.U16((ushort)Members.Count);
        foreach (KeyValuePair<Digest, Member> entry in Members.Entries)
        {
            entry.Value.WriteTo(writer);
        }
    }

    /// <summary>Reads everything; null, or a failed reader, if it is not as it was written.</summary>
    public static MembershipData? Read(ref WireReader reader)
    {
        bool known = reader.U8() == SnapshotVersion;
        List<NodeId> operators = NodeIdList.Read(ref reader, MembershipChange.OperatorsMax);
        if (!known || !ValidatorSetEncoding.TryRead(ref reader, out ValidatorSet? validators))
        {
            return null;
        }

        ValidatorSet? previous = ReadOptional(ref reader);
        ValidatorSet? next = ReadOptional(ref reader);
        bool isEndRequested = reader.Flag();
        var proposals = ReadProposals(ref reader);
        MerkleMap<Member> members = ReadMembers(ref reader);
        return reader.Failed ? null : new MembershipData
        {
            Members = members,
            Operators = [.. operators],
            Validators = validators,
            Previous = previous,
            Next = next,
            IsEndRequested = isEndRequested,
            Proposals = proposals,
        };
    }

    private void WriteRest(WireWriter writer)
    {
        NodeIdList.Write(writer, Operators);
        ValidatorSetEncoding.Write(writer, Validators);
        WriteOptional(writer, Previous);
        WriteOptional(writer, Next);
        writer.Flag(IsEndRequested).U16((ushort)Proposals.Count);
        foreach ((Digest change, Proposal proposal) in Proposals)
        {
            writer.Digest(change);
            proposal.WriteTo(writer);
        }
    }

    private static void WriteOptional(WireWriter writer, ValidatorSet? set)
    {
        writer.Flag(set is not null);
        if (set is not null)
        {
            ValidatorSetEncoding.Write(writer, set);
        }
    }

    private static ValidatorSet? ReadOptional(ref WireReader reader)
    {
        ValidatorSet? set = null;
        if (reader.Flag())
        {
            ValidatorSetEncoding.TryRead(ref reader, out set);
        }

        return set;
    }

    private static ImmutableSortedDictionary<Digest, Proposal> ReadProposals(ref WireReader reader)
    {
        int count = reader.U16();
        var proposals = ImmutableSortedDictionary.CreateBuilder<Digest, Proposal>();
        Digest previous = default;
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            Digest change = reader.Digest();
            if (i > 0 && change <= previous)
            {
                reader.Fail();
            }

            previous = change;
            proposals[change] = Proposal.Read(ref reader);
        }

        return proposals.ToImmutable();
    }

    private static MerkleMap<Member> ReadMembers(ref WireReader reader)
    {
        int count = reader.U16();
        if (count > MembersMax)
        {
            reader.Fail();
        }

        MerkleMap<Member> members = MerkleMap<Member>.Empty;
        NodeId previous = default;
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            if (!Member.TryRead(ref reader, out Member? member))
            {
                break;
            }

            if (i > 0 && member.Node <= previous)
            {
                reader.Fail();
            }

            previous = member.Node;
            members = members.Set(member.Node.Value, member);
        }

        return members;
    }
}
