using SigmaComms.Consensus.Wire;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Misbehaviours;

/// <summary>Says again what it heard, in its own name, at any later time.</summary>
internal sealed class Replayer(SimRandom random) : Misbehaviour(random)
{
    private const int KeptMax = 96;

    private readonly List<Envelope> _heard = [];

    public override void Heard(SimNode self, Envelope envelope)
    {
        if (_heard.Count < KeptMax)
        {
            _heard.Add(envelope);
        }
        else if (Random.Percent(10))
        {
            _heard[Random.Below(KeptMax)] = envelope;
        }
    }

    public override void Broadcasting(SimNode self, Message message)
    {
        for (int i = Random.Below(3); i > 0 && _heard.Count > 0; i--)
        {
            SimNode to = Random.Pick(self.World.Nodes);
            if (to != self)
            {
                self.World.Network.Send(self, to, Random.Pick(_heard));
            }
        }
    }
}
