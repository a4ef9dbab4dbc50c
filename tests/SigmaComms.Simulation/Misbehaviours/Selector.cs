using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Misbehaviours;

/// <summary>Speaks to some only, and changes its mind now and then.</summary>
internal sealed class Selector(SimRandom random) : Misbehaviour(random)
{
    private readonly SortedSet<NodeId> _shunned = [];

    public override void Broadcasting(SimNode self, Message message)
    {
        if (Random.Percent(15))
        {
            _shunned.Clear();
            foreach (SimNode node in self.World.Nodes.Where(_ => Random.Percent(40)))
            {
                _shunned.Add(node.Id);
            }
        }
    }

    public override IEnumerable<Message> Say(SimNode self, NodeId to, Message message) =>
        _shunned.Contains(to) ? [] : [message];
}
