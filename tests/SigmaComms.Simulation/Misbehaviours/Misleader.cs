using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Misbehaviours;

/// <summary>Lies about where it stands and what it has, and serves blocks that are not what was asked for.</summary>
internal sealed class Misleader(SimRandom random) : Misbehaviour(random)
{
    private Block? _other;

    public override void Broadcasting(SimNode self, Message message)
    {
        if (message is Message.Propose propose)
        {
            _other = propose.Block;
        }

        if (self.Host?.Replica is not Replica replica || !Random.Percent(40))
        {
            return;
        }

        SimNode to = Random.Pick(self.World.Nodes);
        if (to != self)
        {
            Whisper(self, to, Lie(replica));
        }
    }

    public override IEnumerable<Message> Say(SimNode self, NodeId to, Message message) => message switch
    {
        Message.FinalBlocks m when Random.Percent(70) => [Bend(m)],
        Message.BlockFound when Random.Percent(70) && _other is not null => [new Message.BlockFound(_other)],
        Message.Certificates when Random.Percent(50) => [],
        Message.Status m when Random.Percent(50) => [m with
        {
            Height = new Height(m.Height.Value + (ulong)Random.Below(1_000)),
            FinalizeCast = new View(m.View.Value + (ulong)Random.Below(50)),
        }],
        _ => [message],
    };

    private Message Lie(Replica replica)
    {
        Digest any = Digest.Sha256([(byte)Random.Below(256)]);
        var view = new View(replica.View.Value + (ulong)Random.Below(200));
        return Random.Below(5) switch
        {
            0 => new Message.Status(
                replica.Epoch, new View(Random.Next() >> 1), new Height(Random.Next() >> 1), any, view,
                Random.Percent(50)),
            1 => new Message.Have(BallotKind.Notarize, replica.Epoch, view, any, Random.Next() | 1),
            2 => new Message.Have(BallotKind.Nullify, replica.Epoch, view, default, 0b1111),
            3 => new Message.Status(
                new Epoch(replica.Epoch.Value + (ulong)Random.Below(5)), view, new Height(1_000_000), any, view, true),
            _ => new Message.Have(BallotKind.Finalize, replica.Epoch.Next, view, any, 0b1111),
        };
    }

    private Message.FinalBlocks Bend(Message.FinalBlocks right) => Random.Below(3) switch
    {
        0 when right.Blocks.Count > 1 => right with { Blocks = [.. right.Blocks.Skip(1)] },
        1 when _other is not null => right with { Blocks = [.. right.Blocks.SkipLast(1), _other] },
        _ => right with { Blocks = [.. right.Blocks, right.Blocks[0]] },
    };
}
