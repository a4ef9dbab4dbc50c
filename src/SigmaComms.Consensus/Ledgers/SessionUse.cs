using System.Collections.Immutable;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Ledgers;

/// <summary>
/// The sessions in the order of their last use, by the minute, of all signers and of each one. Follows from the
/// sessions, so no root binds it. Immutable.
/// </summary>
internal sealed class SessionUse
{
    private static readonly ImmutableSortedSet<(long Minute, Digest Key)> Nothing = [];

    private readonly ImmutableSortedSet<(long Minute, Digest Key)> _all;
    private readonly ImmutableSortedDictionary<NodeId, ImmutableSortedSet<(long Minute, Digest Key)>> _byOwner;

    private SessionUse(
        ImmutableSortedSet<(long Minute, Digest Key)> all,
        ImmutableSortedDictionary<NodeId, ImmutableSortedSet<(long Minute, Digest Key)>> byOwner)
    {
        _all = all;
        _byOwner = byOwner;
    }

    /// <summary>Without sessions.</summary>
    public static SessionUse None { get; } = new(
        Nothing, ImmutableSortedDictionary<NodeId, ImmutableSortedSet<(long Minute, Digest Key)>>.Empty);

    /// <summary>The session not used for longest.</summary>
    public Digest Oldest => _all.Min.Key;

    /// <summary>How many sessions a signer has.</summary>
    public int CountOf(NodeId owner) => Of(owner).Count;

    /// <summary>The signer's session not used for longest.</summary>
    public Digest OldestOf(NodeId owner) => Of(owner).Min.Key;

    /// <summary>When the signer's session at a place was last used, the oldest at 0; null if there is none.</summary>
    public long? MinuteOf(NodeId owner, int place) =>
        place < Of(owner).Count ? Of(owner)[place].Minute : null;

    /// <summary>With a session, new or used again.</summary>
    public SessionUse With(Digest key, Session? before, Session after)
    {
        (long Minute, Digest Key) use = UseOf(key, after);
        if (before is null)
        {
            return new SessionUse(_all.Add(use), _byOwner.SetItem(after.Owner, Of(after.Owner).Add(use)));
        }

        (long Minute, Digest Key) old = UseOf(key, before);
        return old == use ? this : new SessionUse(
            _all.Remove(old).Add(use),
            _byOwner.SetItem(after.Owner, Of(after.Owner).Remove(old).Add(use)));
    }

    /// <summary>Without a session.</summary>
    public SessionUse Without(Digest key, Session session)
    {
        (long Minute, Digest Key) use = UseOf(key, session);
        ImmutableSortedSet<(long Minute, Digest Key)> left = Of(session.Owner).Remove(use);
        return new SessionUse(
            _all.Remove(use),
            left.IsEmpty ? _byOwner.Remove(session.Owner) : _byOwner.SetItem(session.Owner, left));
    }

    private ImmutableSortedSet<(long Minute, Digest Key)> Of(NodeId owner) =>
        _byOwner.GetValueOrDefault(owner, Nothing);

    private static (long Minute, Digest Key) UseOf(Digest key, Session session) =>
        (session.LastUsed / TimeSpan.TicksPerMinute, key);
}
