using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Membership;

/// <summary>
/// Nodes that others told of before the control log here says whether they belong; they are judged again and again.
/// Belongs to the membership's actor.
/// </summary>
internal sealed class UndecidedMembers(NodeContext node)
{
    private const int CountMax = 256;

    private readonly Dictionary<NodeId, (MemberCredential Credential, NodeId From)> _waiting = [];

    /// <summary>Those that wait, and who told of them.</summary>
    public IReadOnlyList<(MemberCredential Credential, NodeId From)> Waiting => [.. _waiting.Values];

    /// <summary>Keeps a node for later, if it may be that the log here has only not heard of it yet.</summary>
    /// <param name="learned">Why it was refused.</param>
    /// <param name="credential">What proves it.</param>
    /// <param name="from">Who told of it.</param>
    /// <returns>Whether it is kept.</returns>
    public bool TryKeep(Learned learned, MemberCredential credential, NodeId from)
    {
        bool isKept = node.Control is not null && learned.Announcement is { } announcement
            && learned.Refusal?.Reason is RefusalReason.NotAdmitted or RefusalReason.Unavailable
            && !node.Authority.IsTurnedOut(announcement.Node)
            && (_waiting.Count < CountMax || _waiting.ContainsKey(announcement.Node));
        if (isKept)
        {
            _waiting[learned.Announcement!.Node] = (credential, from);
        }

        return isKept;
    }

    /// <summary>It was decided about.</summary>
    public void Remove(NodeId decided) => _waiting.Remove(decided);
}
