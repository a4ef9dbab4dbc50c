using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Membership;

/// <summary>Who belongs to the cluster. Immutable.</summary>
public sealed class MembershipState : IValidatorState
{
    private readonly MembershipRules _rules;
    private readonly MembershipData _data;
    private readonly Lazy<MembershipOpening> _opening;

    internal MembershipState(MembershipRules rules, MembershipData data)
    {
        _rules = rules;
        _data = data;
        _opening = new Lazy<MembershipOpening>(
            () => new MembershipOpening(data.Members.Root, data.ComputeRestDigest()));
    }

    /// <inheritdoc/>
    public ValidatorSet Validators => _data.Validators;

    /// <summary>Who voted in the epoch before; evidence counts against them too.</summary>
    public ValidatorSet? PreviousValidators => _data.Previous;

    /// <inheritdoc/>
    public ValidatorSet? NextValidators => _data.Next;

    /// <summary>Who may change the membership alone.</summary>
    public IReadOnlyCollection<NodeId> Operators => _data.Operators;

    /// <summary>Changes that not enough validators support yet, by the digest of the change.</summary>
    public IReadOnlyDictionary<Digest, Proposal> Proposals => _data.Proposals;

    /// <summary>All nodes that belong or ever belonged, in the order of their ids.</summary>
    public IEnumerable<Member> Members => _data.Members.Entries.Select(entry => entry.Value);

    /// <summary>The parts of the root, to prove a member.</summary>
    public MembershipOpening Opening => _opening.Value;

    /// <inheritdoc/>
    public Digest Root => Opening.Root;

    /// <summary>Finds a node.</summary>
    /// <param name="node">The node.</param>
    /// <returns>The member, or null.</returns>
    public Member? Find(NodeId node) => _data.Find(node);

    /// <summary>Shows a member, or that a node is none, under <see cref="MembershipOpening.Members"/>.</summary>
    /// <param name="node">The node.</param>
    public MapProof Prove(NodeId node) => _data.Members.Prove(node.Value);

    /// <inheritdoc/>
    public bool IsMember(NodeId signer) =>
        _data.Operators.Contains(signer) || Find(signer) is { State: not MemberState.Evicted };

    /// <inheritdoc/>
    public Applied Apply(in CommandContext context, ReadOnlyMemory<byte> payload)
    {
        if (!MembershipCommand.TryDecode(payload.Span, out MembershipCommand? command))
        {
            return new Applied(this, new MembershipReply(MembershipStatus.Malformed, 0).Encode());
        }

        (MembershipData after, MembershipReply reply) = _rules.Execute(_data, context, command);
        bool isSame = ReferenceEquals(after, _data);
        return new Applied(isSame ? this : new MembershipState(_rules, after.Choose()), reply.Encode());
    }

    /// <inheritdoc/>
    public IValidatorState BeginEpoch()
    {
        ValidatorSet? next = _data.Next;
        Invariant.Holds(next is not null);
        MembershipData begun = _data with
        {
            Previous = _data.Validators,
            Validators = next,
            Next = null,
            IsEndRequested = false,
            Proposals = _data.Proposals.RemoveRange(
                _data.Proposals.Where(open => !next.TryIndexOf(open.Value.FirstBy, out _)).Select(open => open.Key)),
        };
        return new MembershipState(_rules, begun.Choose());
    }

    /// <inheritdoc/>
    public void WriteSnapshot(WireWriter writer) => _data.WriteTo(writer);
}
