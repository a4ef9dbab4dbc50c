using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Membership;

/// <summary>
/// How a node shows another process of its own identity that it lives, and what it believes itself: only its own
/// signature. Any other node could say that an identity is in use, and stop whom it likes.
/// </summary>
internal sealed class IdentityProof(NodeContext node)
{
    private static readonly TimeSpan SignInterval = TimeSpan.FromMilliseconds(100);
    private long _nextSignTicks;

    /// <summary>Signs this process's announcement.</summary>
    /// <param name="nonce">Its number; a random one if none is given.</param>
    public NodeAnnouncement Announce(Digest16? nonce = null) => NodeAnnouncement.Sign(
        node.Key,
        node.Options.Cluster,
        node.Incarnation,
        [node.Options.Advertise ?? node.Options.Listen!],
        node.Time.GetUtcNow(),
        node.Random,
        nonce);

    /// <summary>Answers another node that asks whether this process lives; at most ten times a second.</summary>
    public LinkMessage Answer(ProveAlive question)
    {
        long now = node.Now.Ticks;
        long next = Interlocked.Read(ref _nextSignTicks);
        return now >= next
            && Interlocked.CompareExchange(ref _nextSignTicks, now + SignInterval.Ticks, next) == next
            ? new AliveProof(Announce(question.Nonce).Encoded)
            : new Refused(RefusalReason.TooFast, "asked too often for a proof") { RetryAfter = SignInterval };
    }

    /// <summary>
    /// Whether a refusal shows another process of this node's identity: a later one, or one that answered this
    /// process's own number, which nobody could know before.
    /// </summary>
    /// <param name="refusal">What another node says.</param>
    /// <param name="asked">The number of this process's request, if it had one.</param>
    public bool IsIn(Refused refusal, Digest16? asked) =>
        NodeAnnouncement.TryDecode(refusal.Proof, out NodeAnnouncement? other)
        && other!.Node == node.Self
        && other.Cluster == node.Options.Cluster
        && other.Incarnation != node.Incarnation
        && (other.Incarnation > node.Incarnation || other.Nonce == asked)
        && other.Verify(node.Key.PublicKey.Span);
}
