using SigmaComms.Consensus;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Misbehaviours;

/// <summary>Says everything of every view: notarize, nullify and finalize, to whoever it likes.</summary>
internal sealed class Nullifier(SimRandom random) : Misbehaviour(random)
{
    public override void Broadcasting(SimNode self, Message message)
    {
        if (message is not Message.VoteCast { Vote: Vote vote } || !Random.Percent(60)
            || !vote.Ballot.Notarizes(out View view, out Digest block))
        {
            return;
        }

        Epoch epoch = vote.Ballot.Epoch;
        foreach (Ballot ballot in (Ballot[])
            [Ballot.Nullify(epoch, view), Ballot.Finalize(epoch, view, block), Ballot.Nullify(epoch, view.Next)])
        {
            if (!Random.Percent(70) || Sign(self, ballot) is not Vote lie)
            {
                continue;
            }

            foreach (SimNode to in self.World.Nodes.Where(to => to != self && Random.Percent(50)))
            {
                Whisper(self, to, new Message.VoteCast(lie));
            }
        }
    }
}
