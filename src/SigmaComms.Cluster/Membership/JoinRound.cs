using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Membership;

/// <summary>
/// What the seeds answered in one round before this node took part. More than half of those that were asked must
/// refuse for good before it gives up, so that one that lies does not stop it. Pure; belongs to the membership's actor.
/// </summary>
internal sealed class JoinRound
{
    private int _asked;
    private int _refused;
    private ClusterException? _reason;

    /// <summary>A seed is asked.</summary>
    public void NoteAsked() => _asked++;

    /// <summary>A seed refused.</summary>
    public void NoteRefused(SeedNode seed, Refused refusal)
    {
        ClusterFailure? failure = refusal.Reason switch
        {
            RefusalReason.WrongCluster => ClusterFailure.WrongCluster,
            RefusalReason.NotAdmitted or RefusalReason.BadSignature => ClusterFailure.NotAdmitted,
            RefusalReason.AdmissionExpired => ClusterFailure.AdmissionExpired,
            RefusalReason.NotFresh => ClusterFailure.ClockTooFarOff,
            RefusalReason.WrongProtocol or RefusalReason.Malformed => ClusterFailure.Refused,
            _ => null,
        };
        if (failure is { } reason)
        {
            _refused++;
            _reason ??= new ClusterException(
                reason, $"the seed at {seed.Endpoint} refused this node ({refusal.Reason}): {refusal.Detail}");
        }
    }

    /// <summary>Ends the round; why the node must give up, or null.</summary>
    public ClusterException? End()
    {
        ClusterException? verdict = 2 * _refused > _asked ? _reason : null;
        _asked = 0;
        _refused = 0;
        _reason = null;
        return verdict;
    }
}
