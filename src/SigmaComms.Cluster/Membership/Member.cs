using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Membership;

/// <summary>One node as this node sees it.</summary>
/// <param name="Admission">The verified admission.</param>
/// <param name="Announcement">The newest verified announcement.</param>
/// <param name="State">What this node thinks of it.</param>
/// <param name="Incarnation">The newest process known.</param>
internal sealed record Member(
    NodeAdmission Admission, NodeAnnouncement Announcement, MemberState State, ulong Incarnation)
{
    /// <summary>The node.</summary>
    public NodeId Id { get; } = Announcement.Node;

    /// <summary>Name for people.</summary>
    public string Name => Admission.Name;

    /// <summary>Smoothed round trip of the control lane.</summary>
    public TimeSpan RoundTrip { get; init; }

    /// <summary>Mailboxes it said it keeps.</summary>
    public uint Mailboxes { get; init; }

    /// <summary>Whether it said that it cannot write: others are asked first.</summary>
    public bool IsStorageFailing { get; init; }

    /// <summary>Whether the control log has turned it out: nothing is asked of it, and it counts for nothing.</summary>
    public bool IsOut { get; init; }

    /// <summary>When the state began, on the monotonic clock.</summary>
    public TimeSpan Since { get; init; }

    /// <summary>Whether the operator's word for it has ended.</summary>
    /// <param name="now">The present time.</param>
    public bool IsEnded(DateTimeOffset now) => now > Admission.NotAfter;

    /// <summary>What proves the member to others.</summary>
    public MemberCredential Credential => new(Admission.Encoded, Announcement.Encoded);
}
