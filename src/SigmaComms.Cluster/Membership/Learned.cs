using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Membership;

/// <summary>What came of taking in a member's credential.</summary>
/// <param name="Kind">The outcome.</param>
/// <param name="Announcement">The announcement, if it could be read.</param>
/// <param name="Refusal">Why it does not verify, or null.</param>
internal sealed record Learned(LearnedKind Kind, NodeAnnouncement? Announcement, Refused? Refusal)
{
    /// <summary>It does not verify.</summary>
    public static Learned Refuse(RefusalReason reason, string detail) =>
        new(LearnedKind.Refused, null, new Refused(reason, detail));
}
