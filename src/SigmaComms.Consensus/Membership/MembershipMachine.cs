using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Membership;

/// <summary>Says who belongs to the cluster, what each node does, and who votes in this epoch and the next.</summary>
public sealed class MembershipMachine : IMachine
{
    private readonly MembershipRules _rules;

    /// <summary>Begins a cluster.</summary>
    /// <param name="cluster">The cluster's id.</param>
    /// <param name="firstEpoch">The first epoch.</param>
    /// <param name="founders">The first members, at least one of which votes; as trusted as the genesis itself.</param>
    /// <param name="operators">
    /// Who may change the membership alone, by the hash of an ML-DSA-65 key; may be none.
    /// </param>
    /// <param name="verifier">Verifies signatures inside commands.</param>
    /// <param name="judge">Judges evidence.</param>
    /// <exception cref="ArgumentException">No founder votes, or one is there twice.</exception>
    public MembershipMachine(
        Digest cluster,
        Epoch firstEpoch,
        IReadOnlyList<NodeRequest> founders,
        IReadOnlyList<NodeId> operators,
        ISignatureVerifier verifier,
        IEvidenceJudge judge)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(operators.Count, MembershipChange.OperatorsMax);
        _rules = new MembershipRules(cluster, verifier, judge);
        MerkleMap<Member> members = MerkleMap<Member>.Empty;
        foreach (NodeRequest founder in founders)
        {
            Member member = MembershipRules.MemberOf(founder, MemberState.Up, new Height(0));
            members = members.Set(member.Node.Value, member);
        }

        if (members.Count != founders.Count)
        {
            throw new ArgumentException("A founder is there twice.", nameof(founders));
        }

        MembershipData data = new()
        {
            Members = members,
            Operators = [.. operators],
            Validators = new ValidatorSet(firstEpoch, founders.Where(founder => founder.Place.IsValidator).Select(
                founder => new Validator(founder.Node, founder.VotingKey!.Incarnation, founder.VotingKey.Key))),
        };
        Genesis = new MembershipState(_rules, data);
    }

    /// <inheritdoc/>
    public ushort Id => MachineIds.Membership;

    /// <inheritdoc/>
    public IMachineState Genesis { get; }

    /// <inheritdoc/>
    public bool TryRestore(ReadOnlyMemory<byte> snapshot, [NotNullWhen(true)] out IMachineState? state)
    {
        var reader = new WireReader(snapshot.Span);
        MembershipData? data = MembershipData.Read(ref reader);
        state = reader.AtEnd && data is not null ? new MembershipState(_rules, data) : null;
        return state is not null;
    }
}
