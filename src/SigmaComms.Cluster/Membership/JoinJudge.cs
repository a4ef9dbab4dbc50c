using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Membership;

/// <summary>
/// What speaks against a node that asks to be taken in: it must be admitted, its word fresh and its own, and no process
/// of it later. Remembers the numbers of requests, so that none counts twice. Belongs to the membership's actor.
/// </summary>
internal sealed class JoinJudge(NodeContext node)
{
    private const int NoncesKept = 4_096;

    private readonly HashSet<Digest16> _nonces = [];
    private readonly Queue<Digest16> _nonceOrder = new();

    /// <summary>Another live process uses the identity.</summary>
    public static Refused InUse(NodeId peer) => new(
        RefusalReason.IdentityInUse,
        $"another live process uses the identity of node {peer.Short}; stop it first, or give each node its own key");

    /// <summary>A later process of the node took part.</summary>
    public static Refused Stale(Member known) => new(
        RefusalReason.StaleIncarnation, $"a later process of node {known.Id.Short} took part already")
    {
        Proof = known.Announcement.Encoded,
    };

    /// <summary>Why the request is refused; null if it is not.</summary>
    /// <param name="judge">The request.</param>
    /// <param name="view">The present view.</param>
    public Refused? Objection(JudgeJoin judge, ClusterView view)
    {
        if (!NodeAnnouncement.TryDecode(judge.Request.Credential.Announcement, out NodeAnnouncement? announcement))
        {
            return new Refused(RefusalReason.Malformed, "the announcement breaks its format");
        }

        DateTimeOffset now = node.Time.GetUtcNow();
        AdmissionDecision decision = node.Authority.Judge(judge.Request.Credential.Admission, judge.Peer, now);
        if (decision.Refusal is { } refused)
        {
            return refused;
        }

        if (announcement!.Node != judge.Peer || announcement.Cluster != node.Options.Cluster
            || !announcement.Verify(decision.Admission!.PublicKey.Span))
        {
            return new Refused(RefusalReason.BadSignature, "the announcement is not this node's own word");
        }

        TimeSpan off = now - announcement.SignedAt;
        if (off.Duration() > node.Options.ClockTolerance)
        {
            return new Refused(
                RefusalReason.NotFresh,
                $"the request was signed {off.TotalSeconds:F0} s from this node's time; set the clocks");
        }

        if (!IsFirst(announcement.Nonce))
        {
            return new Refused(RefusalReason.Replayed, "this request was made before");
        }

        bool stale = view.Members.TryGetValue(judge.Peer, out Member? known)
            && announcement.Incarnation < known.Incarnation;
        return judge.Peer == node.Self ? InUse(judge.Peer) : stale ? Stale(known!) : null;
    }

    private bool IsFirst(Digest16 nonce)
    {
        if (!_nonces.Add(nonce))
        {
            return false;
        }

        _nonceOrder.Enqueue(nonce);
        if (_nonceOrder.Count > NoncesKept)
        {
            _nonces.Remove(_nonceOrder.Dequeue());
        }

        return true;
    }
}
