using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Misbehaviours;

/// <summary>Votes, and never leads; or says nothing at all, or never finalizes.</summary>
internal sealed class SilentLeader(SimRandom random) : Misbehaviour(random)
{
    private readonly int _kind = random.Below(3);

    public override IEnumerable<Message> Say(SimNode self, NodeId to, Message message) => (_kind, message) switch
    {
        (0, Message.Propose) => [],
        (1, _) => [],
        (2, Message.VoteCast { Vote.Ballot.Finalizes: true }) => [],
        _ => [message],
    };
}
