using System.Collections.Immutable;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Membership;

/// <summary>Who is a member, verified, and what this node thinks of each. Pure: time is an argument.</summary>
internal sealed class MemberTable
{
    private readonly ClusterId _cluster;
    private readonly IAdmissionAuthority _authority;
    private readonly Dictionary<NodeId, ReadOnlyMemory<byte>> _seen = [];

    public MemberTable(ClusterId cluster, IAdmissionAuthority authority, Member self)
    {
        _cluster = cluster;
        _authority = authority;
        View = new ClusterView(self.Id, ImmutableSortedDictionary<NodeId, Member>.Empty.Add(self.Id, self))
        {
            Membership = authority.ViewOf([self.Id]),
        };
    }

    /// <summary>The present view.</summary>
    public ClusterView View { get; private set; }

    private Member Self => View.Members[View.Self];

    /// <summary>Takes in what is said to prove a member; verifies it first.</summary>
    /// <param name="credential">Untrusted.</param>
    /// <param name="now">The present time.</param>
    /// <param name="since">The present time on the monotonic clock.</param>
    public Learned Learn(MemberCredential credential, DateTimeOffset now, TimeSpan since)
    {
        if (!NodeAnnouncement.TryDecode(credential.Announcement, out NodeAnnouncement? announcement))
        {
            return Learned.Refuse(RefusalReason.Malformed, "the announcement breaks its format");
        }

        NodeId node = announcement!.Node;
        if (_seen.TryGetValue(node, out ReadOnlyMemory<byte> seen)
            && seen.Span.SequenceEqual(announcement.Encoded.Span))
        {
            return new Learned(LearnedKind.Known, announcement, null);
        }

        AdmissionDecision decision = _authority.Judge(credential.Admission, node, now);
        if (decision.Refusal is not null)
        {
            return new Learned(LearnedKind.Refused, announcement, decision.Refusal);
        }

        if (announcement.Cluster != _cluster)
        {
            return Learned.Refuse(
                RefusalReason.WrongCluster, $"the announcement is for cluster {announcement.Cluster}");
        }

        if (!announcement.Verify(decision.Admission!.PublicKey.Span))
        {
            return Learned.Refuse(RefusalReason.BadSignature, "the announcement is not signed by its node");
        }

        return Merge(decision.Admission, announcement, since);
    }

    /// <summary>Changes the state of a member; false if it was so already or is not known.</summary>
    public bool TrySetState(NodeId node, MemberState state, TimeSpan since)
    {
        if (!View.Members.TryGetValue(node, out Member? member) || member.State == state)
        {
            return false;
        }

        Put(member with { State = state, Since = since });
        return true;
    }

    /// <summary>Notes whether a member was turned out; false if that is known.</summary>
    public bool TrySetOut(NodeId node, bool isOut)
    {
        if (!View.Members.TryGetValue(node, out Member? member) || member.IsOut == isOut)
        {
            return false;
        }

        Put(member with { IsOut = isOut });
        return true;
    }

    /// <summary>Notes a later process of a member, as its own channel proved it.</summary>
    public void NoteIncarnation(NodeId node, ulong incarnation)
    {
        if (View.Members.TryGetValue(node, out Member? member) && incarnation > member.Incarnation)
        {
            Put(member with { Incarnation = incarnation });
        }
    }

    /// <summary>Notes what a member says of itself; true if that changes who is asked first.</summary>
    public bool NoteFigures(NodeId node, TimeSpan roundTrip, uint mailboxes, bool isStorageFailing)
    {
        if (!View.Members.TryGetValue(node, out Member? member))
        {
            return false;
        }

        Put(member with { RoundTrip = roundTrip, Mailboxes = mailboxes, IsStorageFailing = isStorageFailing });
        return member.IsStorageFailing != isStorageFailing;
    }

    private Learned Merge(NodeAdmission admission, NodeAnnouncement announcement, TimeSpan since)
    {
        NodeId node = announcement.Node;
        if (!View.Members.TryGetValue(node, out Member? known))
        {
            Remember(announcement);
            Put(new Member(admission, announcement, MemberState.Joining, announcement.Incarnation) { Since = since });
            return new Learned(LearnedKind.New, announcement, null);
        }

        if (node == View.Self)
        {
            return announcement.Incarnation > Self.Incarnation
                ? new Learned(LearnedKind.Usurped, announcement, null)
                : new Learned(LearnedKind.Known, announcement, null);
        }

        bool newer = announcement.Incarnation > known.Announcement.Incarnation
            || (announcement.Incarnation == known.Announcement.Incarnation
                && announcement.SignedAt > known.Announcement.SignedAt);
        if (!newer)
        {
            return new Learned(LearnedKind.Known, announcement, null);
        }

        bool endpointsDiffer = !announcement.Endpoints.SequenceEqual(known.Announcement.Endpoints);
        bool laterProcess = announcement.Incarnation > known.Announcement.Incarnation;
        Remember(announcement);
        Put(known with
        {
            Admission = admission,
            Announcement = announcement,
            Incarnation = Math.Max(known.Incarnation, announcement.Incarnation),
        });
        return new Learned(
            laterProcess || endpointsDiffer ? LearnedKind.Newer : LearnedKind.Known, announcement, null);
    }

    private void Remember(NodeAnnouncement announcement) => _seen[announcement.Node] = announcement.Encoded;

    private void Put(Member member)
    {
        bool isNew = !View.Members.ContainsKey(member.Id);
        ImmutableSortedDictionary<NodeId, Member> members = View.Members.SetItem(member.Id, member);
        MembershipView membership = isNew ? _authority.ViewOf(members.Keys) : View.Membership;
        Invariant.Holds(membership.Number >= View.Membership.Number);
        View = View with { Members = members, Membership = membership };
    }
}
