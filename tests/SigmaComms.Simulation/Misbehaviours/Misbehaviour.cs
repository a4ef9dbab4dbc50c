using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Misbehaviours;

/// <summary>A way to lie: stands between a true replica and its links, and signs with its key as it likes.</summary>
internal abstract class Misbehaviour(SimRandom random)
{
    protected SimRandom Random => random;

    /// <summary>Says something besides what is about to be said to all.</summary>
    public virtual void Broadcasting(SimNode self, Message message)
    {
    }

    /// <summary>What is said to a node instead of a message.</summary>
    public virtual IEnumerable<Message> Say(SimNode self, NodeId to, Message message) => [message];

    /// <summary>Something was said to it.</summary>
    public virtual void Heard(SimNode self, Envelope envelope)
    {
    }

    /// <summary>Signs whatever it likes, if it votes in that epoch.</summary>
    protected static Vote? Sign(SimNode self, Ballot ballot)
    {
        if (self.Host is not ReplicaHost host || host.Replica.Epoch != ballot.Epoch || !host.Replica.IsVoting)
        {
            return null;
        }

        return host.Sign(ballot);
    }

    /// <summary>Sends without being asked again.</summary>
    protected static void Whisper(SimNode self, SimNode to, Message message) =>
        self.World.Network.Send(self, to, new Envelope(message));
}
