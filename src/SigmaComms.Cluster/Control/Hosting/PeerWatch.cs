using SigmaComms.Cluster.Membership;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>Turns what membership thinks of the peers into inputs of the core, as it changes.</summary>
internal sealed class PeerWatch(NodeId self)
{
    private readonly Dictionary<NodeId, (bool IsUp, ulong Incarnation)> _known = [];

    /// <summary>Forgets what was told: the core begins anew.</summary>
    public void Reset() => _known.Clear();

    /// <summary>What changed since the last view.</summary>
    public IEnumerable<Input> See(ClusterView view)
    {
        foreach (Member member in view.Members.Values)
        {
            bool isUp = member.State == MemberState.Up;
            (bool wasUp, ulong incarnation) = _known.GetValueOrDefault(member.Id);
            if (member.Id == self || (wasUp == isUp && incarnation == member.Incarnation))
            {
                continue;
            }

            _known[member.Id] = (isUp, member.Incarnation);
            if (isUp)
            {
                yield return new Input.PeerJudged(member.Id, IsGone: false);
                yield return new Input.PeerConnected(member.Id);
            }
            else if (member.State is MemberState.Suspect or MemberState.Down)
            {
                yield return new Input.PeerJudged(member.Id, IsGone: true);
            }
        }
    }
}
