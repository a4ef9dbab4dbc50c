using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Membership;

/// <summary>
/// Who votes in the next epoch. Changes are taken one by one, the most urgent kind first and by node within a kind, as
/// long as the hand-over stays safe; what is left over waits for the epoch after. Rule and reasons:
/// docs/formats/membership.md, "Hand-over".
/// </summary>
internal sealed class HandoverRule
{
    private readonly ValidatorSet _current;
    private readonly MerkleMap<Member> _members;
    private readonly SortedDictionary<NodeId, Validator> _next;
    private readonly SortedSet<Digest> _keys;
    private HandoverTally _tally;

    private HandoverRule(ValidatorSet current, MerkleMap<Member> members)
    {
        _current = current;
        _members = members;
        _next = new SortedDictionary<NodeId, Validator>(current.Members.ToDictionary(validator => validator.Node));
        _keys = [.. current.Members.Select(KeyOf)];
    }

    /// <summary>The next set, or null if nothing asks for one.</summary>
    public static ValidatorSet? Next(ValidatorSet current, MerkleMap<Member> members, bool isEndRequested)
    {
        HandoverRule rule = new(current, members);
        rule.Choose();
        if (rule._tally == default && !isEndRequested)
        {
            return null;
        }

        rule.RotateKeys();
        return new ValidatorSet(current.Epoch.Next, rule._next.Values);
    }

    private void Choose()
    {
        (Validator Old, Member? Member)[] present =
            [.. _current.Members.Select(validator => (validator, Find(validator.Node)))];
        foreach ((Validator old, _) in present.Where(entry => !IsWanted(entry.Member)))
        {
            Remove(old, _tally with { Forced = _tally.Forced + 1 });
        }

        foreach ((Validator old, Member? member) in present.Where(entry => IsWanted(entry.Member)))
        {
            if (member is { State: MemberState.Up, VotingKey: { } claim } && claim.Incarnation > old.Incarnation)
            {
                Put(member, claim, _tally with { Renewed = _tally.Renewed + 1 });
            }
        }

        foreach (KeyValuePair<Digest, Member> entry in _members.Entries)
        {
            Member member = entry.Value;
            if (member is { State: MemberState.Up, Place.IsValidator: true, VotingKey: { } claim }
                && !_current.TryIndexOf(member.Node, out _))
            {
                Put(member, claim, _tally with { Added = _tally.Added + 1 });
            }
        }

        foreach ((Validator old, _) in present.Where(
            entry => IsWanted(entry.Member) && entry.Member!.State == MemberState.Draining))
        {
            Remove(old, _tally with { Voluntary = _tally.Voluntary + 1 });
        }
    }

    private void RotateKeys()
    {
        foreach (Validator old in _next.Values.ToArray())
        {
            if (Find(old.Node)?.VotingKey is { } claim && claim.Incarnation == old.Incarnation
                && _keys.Add(claim.KeyDigest))
            {
                _keys.Remove(KeyOf(old));
                _next[old.Node] = old with { VotingKey = claim.Key };
            }
        }
    }

    private void Remove(Validator old, HandoverTally tally)
    {
        if (tally.IsSafeFrom(_current))
        {
            _tally = tally;
            _next.Remove(old.Node);
            _keys.Remove(KeyOf(old));
        }
    }

    // A key that another validator holds already can only be an attempt to make the set invalid: it has to wait.
    private void Put(Member member, VotingKeyClaim claim, HandoverTally tally)
    {
        if (!tally.IsSafeFrom(_current) || !_keys.Add(claim.KeyDigest))
        {
            return;
        }

        _tally = tally;
        if (_next.TryGetValue(member.Node, out Validator? old))
        {
            _keys.Remove(KeyOf(old));
        }

        _next[member.Node] = new Validator(member.Node, claim.Incarnation, claim.Key);
    }

    private Member? Find(NodeId node) => _members.TryGet(node.Value, out Member? member) ? member : null;

    private static bool IsWanted(Member? member) =>
        member is { State: not MemberState.Evicted, Place.IsValidator: true };

    private static Digest KeyOf(Validator validator) => Digest.Sha256(validator.VotingKey.Span);
}
