using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Membership;

/// <summary>
/// What the nodes that were asked to take this one in answered in one round. Before it took part, more than half of
/// those must refuse for good before it gives up, so that one that lies does not stop it. One that took part and was
/// cut off gives up when the log must have turned it out: in three rounds, one after the other, so many validators say
/// that it does not belong that one of them is honest, and not merely behind. Pure; belongs to the membership's actor.
/// </summary>
internal sealed class JoinRound
{
    private const int OutRoundsNeeded = 3;

    private readonly HashSet<NodeId> _notAdmittedBy = [];
    private int _asked;
    private int _refused;
    private int _outRounds;
    private ClusterException? _reason;
    private ClusterException? _out;

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
        if (failure is not { } reason)
        {
            return;
        }

        ClusterException told = new(
            reason, $"the seed at {seed.Endpoint} refused this node ({refusal.Reason}): {refusal.Detail}");
        _refused++;
        _reason ??= told;
        if (refusal.Reason == RefusalReason.NotAdmitted)
        {
            _notAdmittedBy.Add(seed.Id);
            _out ??= told;
        }
    }

    /// <summary>Ends the round; why the node must give up, or null.</summary>
    /// <param name="hasJoined">Whether this node took part before.</param>
    /// <param name="authority">Knows whose word counts.</param>
    public ClusterException? End(bool hasJoined, IAdmissionAuthority authority)
    {
        _outRounds = authority.IsHonestAmong(_notAdmittedBy) ? _outRounds + 1 : 0;
        ClusterException? verdict = hasJoined && _outRounds >= OutRoundsNeeded ? _out
            : !hasJoined && 2 * _refused > _asked ? _reason
            : null;
        _notAdmittedBy.Clear();
        _asked = 0;
        _refused = 0;
        _reason = null;
        _out = null;
        return verdict;
    }
}
