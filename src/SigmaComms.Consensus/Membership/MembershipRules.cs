using SigmaComms.Consensus.Machines;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Membership;

/// <summary>Who may command what, and what it does. Table: docs/formats/membership.md, "Who may what".</summary>
internal sealed class MembershipRules(Digest cluster, ISignatureVerifier verifier, IEvidenceJudge judge)
{
    /// <summary>How far behind the log a node may be that says it is ready: 1,024 blocks.</summary>
    public const ulong ReadyDistanceMax = 1_024;

    /// <summary>A member as it asked to be.</summary>
    public static Member MemberOf(NodeRequest request, MemberState state, Height height) => new()
    {
        Node = request.Node,
        NodeKey = request.NodeKey,
        State = state,
        Place = request.Place,
        Addresses = request.Addresses,
        VotingKey = request.VotingKey,
        ChangedAt = height,
    };

    /// <summary>Executes a command; the same data comes back if it changed nothing.</summary>
    public (MembershipData Data, MembershipReply Reply) Execute(
        MembershipData data, in CommandContext context, MembershipCommand command)
    {
        if (command is MembershipCommand.Support support)
        {
            return Support(data, context, support.Change);
        }

        if (command is MembershipCommand.Accuse accuse)
        {
            return Plain(Accuse(data, context, accuse.Evidence));
        }

        Member? member = data.Find(context.Signer);
        if (member is null || member.State == MemberState.Evicted)
        {
            return Plain((data, MembershipStatus.NotAllowed));
        }

        return Plain(command switch
        {
            MembershipCommand.Ready ready => Ready(data, context, member, ready.Height),
            MembershipCommand.Leave => Leave(data, context, member),
            MembershipCommand.AnnounceKey announce => Announce(data, context.Height, member, announce.Claim),
            MembershipCommand.Readdress readdress => Readdress(data, member, readdress.Addresses),
            _ => (data, MembershipStatus.Malformed),
        });
    }

    // A change that could not be made now is refused at once, so that nothing impossible stays open.
    private (MembershipData Data, MembershipReply Reply) Support(
        MembershipData data, in CommandContext context, MembershipChange change)
    {
        bool isOperator = data.Operators.Contains(context.Signer);
        bool isValidator = data.Validators.TryIndexOf(context.Signer, out _)
            && data.Find(context.Signer)?.State != MemberState.Evicted;
        if (!isOperator && !isValidator)
        {
            return Plain((data, MembershipStatus.NotAllowed));
        }

        (MembershipData after, MembershipStatus status) = Make(data, context.Height, change);
        if (isOperator || status != MembershipStatus.Done)
        {
            return Plain((after, status));
        }

        Digest digest = change.ComputeDigest();
        MembershipData open = WithoutExpired(data, context.Timestamp);
        if (!open.Proposals.TryGetValue(digest, out Proposal? proposal))
        {
            NodeId signer = context.Signer;
            if (open.Proposals.Count(entry => entry.Value.FirstBy == signer) >= Proposal.PerValidatorMax)
            {
                return Plain((data, MembershipStatus.Full));
            }

            proposal = new Proposal(context.Signer, context.Timestamp, []);
        }

        proposal = proposal with { Supporters = proposal.Supporters.Add(context.Signer) };
        int missing = Needed(data, change) - proposal.Supporters.Count(node => data.Validators.TryIndexOf(node, out _));
        return missing > 0
            ? (open with { Proposals = open.Proposals.SetItem(digest, proposal) },
                new MembershipReply(MembershipStatus.Counted, (uint)missing))
            : Plain((after with { Proposals = open.Proposals.Remove(digest) }, MembershipStatus.Done));
    }

    // More than f supporters have an honest one among them; who votes takes a quorum, as every other decision of the
    // log does.
    private static int Needed(MembershipData data, MembershipChange change)
    {
        bool isAboutVotes = change switch
        {
            MembershipChange.Admit admit => admit.Request.Place.IsValidator,
            MembershipChange.Evict evict => data.Find(evict.Node)?.Place.IsValidator != false,
            MembershipChange.Move move =>
                move.Place.IsValidator || data.Find(move.Node)?.Place.IsValidator != false,
            _ => true,
        };
        return isAboutVotes ? data.Validators.Quorum : data.Validators.FaultsMax + 1;
    }

    private (MembershipData Data, MembershipStatus Status) Make(
        MembershipData data, Height height, MembershipChange change) => change switch
    {
        MembershipChange.Admit admit => Admit(data, height, admit.Request),
        MembershipChange.Evict evict => Evict(data, height, evict.Node),
        MembershipChange.Move move => Move(data, move),
        MembershipChange.EndEpoch end => end.Epoch != data.Validators.Epoch
            ? (data, MembershipStatus.Outdated)
            : (data with { IsEndRequested = true }, MembershipStatus.Done),
        MembershipChange.SetOperators set => (data with { Operators = [.. set.Operators] }, MembershipStatus.Done),
        _ => (data, MembershipStatus.Malformed),
    };

    private (MembershipData Data, MembershipStatus Status) Admit(
        MembershipData data, Height height, NodeRequest request)
    {
        Member? known = data.Find(request.Node);
        if (known is { Reason: EvictionReason.Convicted })
        {
            return (data, MembershipStatus.Convicted);
        }

        if (known is not null && known.State != MemberState.Evicted)
        {
            return (data, MembershipStatus.AlreadyMember);
        }

        if (known is null && data.Members.Count >= MembershipData.MembersMax)
        {
            return (data, MembershipStatus.Full);
        }

        if (known?.VotingKey is { } old && request.VotingKey?.Incarnation <= old.Incarnation)
        {
            return (data, MembershipStatus.Outdated);
        }

        if (!request.Verify(cluster, verifier) || IsKeyTaken(data, request.Node, request.VotingKey))
        {
            return (data, MembershipStatus.BadSignature);
        }

        Member member = MemberOf(request, MemberState.Joining, height);
        return (data.With(member with { VotingKey = request.VotingKey ?? known?.VotingKey }), MembershipStatus.Done);
    }

    private static (MembershipData Data, MembershipStatus Status) Evict(
        MembershipData data, Height height, NodeId node)
    {
        Member? member = data.Find(node);
        if (member is null || member.State == MemberState.Evicted)
        {
            return (data, member is null ? MembershipStatus.NodeUnknown : MembershipStatus.WrongState);
        }

        return (data.With(Gone(member, EvictionReason.Governed, height)), MembershipStatus.Done);
    }

    private static (MembershipData Data, MembershipStatus Status) Move(
        MembershipData data, MembershipChange.Move move)
    {
        Member? member = data.Find(move.Node);
        if (member is null)
        {
            return (data, MembershipStatus.NodeUnknown);
        }

        bool cannot = member.State == MemberState.Evicted || (move.Place.IsValidator && member.VotingKey is null);
        return cannot
            ? (data, MembershipStatus.WrongState)
            : (data.With(member with { Place = move.Place }), MembershipStatus.Done);
    }

    private (MembershipData Data, MembershipStatus Status) Accuse(
        MembershipData data, in CommandContext context, ReadOnlyMemory<byte> evidence)
    {
        bool isProven = judge.TryConvict(cluster, data.Validators, evidence.Span, out NodeId guilty)
            || (data.Previous is { } previous && judge.TryConvict(cluster, previous, evidence.Span, out guilty));
        Member? member = isProven ? data.Find(guilty) : null;
        if (member is null)
        {
            return (data, MembershipStatus.NotProven);
        }

        return member.Reason == EvictionReason.Convicted
            ? (data, MembershipStatus.Done)
            : (data.With(Gone(member, EvictionReason.Convicted, context.Height)), MembershipStatus.Done);
    }

    private static (MembershipData Data, MembershipStatus Status) Ready(
        MembershipData data, in CommandContext context, Member member, Height height)
    {
        if (height >= context.Height || context.Height.Value - height.Value > ReadyDistanceMax)
        {
            return (data, MembershipStatus.Outdated);
        }

        return member.State switch
        {
            MemberState.Joining => (
                data.With(member with { State = MemberState.Up, ChangedAt = context.Height }), MembershipStatus.Done),
            MemberState.Up => (data, MembershipStatus.Done),
            _ => (data, MembershipStatus.WrongState),
        };
    }

    private static (MembershipData Data, MembershipStatus Status) Leave(
        MembershipData data, in CommandContext context, Member member)
    {
        if (member.State == MemberState.Up)
        {
            Member draining = member with { State = MemberState.Draining, ChangedAt = context.Height };
            return (data.With(draining), MembershipStatus.Done);
        }

        return data.Votes(member.Node)
            ? (data, MembershipStatus.WrongState)
            : (data.With(Gone(member, EvictionReason.Left, context.Height)), MembershipStatus.Done);
    }

    private (MembershipData Data, MembershipStatus Status) Announce(
        MembershipData data, Height height, Member member, VotingKeyClaim claim)
    {
        bool isNewLife = member.VotingKey is { } known && claim.Incarnation > known.Incarnation;
        if (member.VotingKey is { } old)
        {
            bool isSameKey = old.KeyDigest == claim.KeyDigest;
            if (isSameKey && old.Incarnation == claim.Incarnation)
            {
                return (data, MembershipStatus.Done);
            }

            // A new life with an old key could contradict what the old life signed.
            if (claim.Incarnation < old.Incarnation || isSameKey)
            {
                return (data, MembershipStatus.Outdated);
            }
        }

        if (!claim.Verify(member.Node, cluster, verifier) || IsKeyTaken(data, member.Node, claim))
        {
            return (data, MembershipStatus.BadSignature);
        }

        // Who lost its state has to learn the log again before it counts as ready to vote.
        Member after = member with { VotingKey = claim };
        bool mustLearn = isNewLife && member.State == MemberState.Up;
        return (
            data.With(mustLearn ? after with { State = MemberState.Joining, ChangedAt = height } : after),
            MembershipStatus.Done);
    }

    private static (MembershipData Data, MembershipStatus Status) Readdress(
        MembershipData data, Member member, IReadOnlyList<string> addresses) =>
        (data.With(member with { Addresses = addresses }), MembershipStatus.Done);

    private static bool IsKeyTaken(MembershipData data, NodeId node, VotingKeyClaim? claim)
    {
        if (claim is null)
        {
            return false;
        }

        bool isClaimed = data.Members.Entries.Any(
            entry => entry.Value.Node != node && entry.Value.VotingKey?.KeyDigest == claim.KeyDigest);
        return isClaimed || data.Validators.Members.Concat(data.Next?.Members ?? []).Any(
            validator => validator.Node != node && validator.VotingKey.Span.SequenceEqual(claim.Key.Span));
    }

    private static MembershipData WithoutExpired(MembershipData data, long timestamp)
    {
        Digest[] expired =
        [
            .. data.Proposals.Where(open => timestamp - open.Value.Since > Proposal.LifetimeTicks)
                .Select(open => open.Key),
        ];
        return expired.Length == 0 ? data : data with { Proposals = data.Proposals.RemoveRange(expired) };
    }

    private static Member Gone(Member member, EvictionReason reason, Height height) =>
        member with { State = MemberState.Evicted, Reason = reason, ChangedAt = height };

    private static (MembershipData Data, MembershipReply Reply) Plain(
        (MembershipData Data, MembershipStatus Status) result) =>
        (result.Data, new MembershipReply(result.Status, 0));
}
