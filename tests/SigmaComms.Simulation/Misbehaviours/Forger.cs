using SigmaComms.Consensus;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Misbehaviours;

/// <summary>Signs in the names of others, and makes whole certificates so.</summary>
internal sealed class Forger(SimRandom random) : Misbehaviour(random)
{
    public override void Broadcasting(SimNode self, Message message)
    {
        if (message is not Message.VoteCast { Vote: Vote vote } || self.Host?.Replica is not Replica replica)
        {
            return;
        }

        SimNode to = Random.Pick(self.World.Nodes);
        if (to == self || !Random.Percent(50))
        {
            return;
        }

        byte other = (byte)Random.Below(replica.Validators.Count);
        Message forged = Random.Below(3) switch
        {
            0 => new Message.VoteCast(vote with { Voter = other }),
            1 => new Message.VoteCast(vote with { Incarnation = vote.Incarnation + 1 }),
            _ => new Message.Certificates([Forge(replica, vote)]),
        };
        Whisper(self, to, forged);
    }

    private Certificate Forge(Replica replica, Vote vote)
    {
        CertificateVote[] votes = [.. Enumerable.Range(0, replica.Validators.Quorum)
            .Select(voter => new CertificateVote((byte)voter, null, vote.Signature))];
        bool isNullify = Random.Percent(60);
        Digest block = isNullify ? default : vote.Ballot.Block == default ? Digest.Sha256([1]) : vote.Ballot.Block;
        return new Certificate(
            isNullify ? BallotKind.Nullify : BallotKind.Finalize, replica.Epoch,
            new View(replica.View.Value + (ulong)Random.Below(3)), block, votes);
    }
}
