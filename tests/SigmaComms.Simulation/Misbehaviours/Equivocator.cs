using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Misbehaviours;

/// <summary>Proposes two blocks for a view, each to some, and votes for both.</summary>
internal sealed class Equivocator(SimRandom random) : Misbehaviour(random)
{
    private Block? _first;
    private Message.Propose? _second;
    private ulong _listeners;

    public override void Broadcasting(SimNode self, Message message)
    {
        if (message is not Message.Propose { Block: Block block })
        {
            return;
        }

        _second = null;
        _first = block;
        _listeners = Random.Next();
        BlockHeader other = block.Header with { Timestamp = block.Header.Timestamp + 1 };
        if (Block.TryJoin(other, block.Body, out Block? second)
            && Sign(self, Ballot.Propose(other.Epoch, other.View, second.Digest)) is Vote vote)
        {
            self.World.Oracle.Proposed(second);
            _second = new Message.Propose(vote, second);
        }
    }

    public override IEnumerable<Message> Say(SimNode self, NodeId to, Message message)
    {
        if (_second is null || _first is null || !IsSecondListener(self, to))
        {
            return [message];
        }

        if (message is Message.Propose)
        {
            return Random.Percent(10) ? [message, _second] : [_second];
        }

        bool isVoteForFirst = message is Message.VoteCast { Vote: Vote vote }
            && vote.Ballot.Notarizes(out _, out Digest block) && block == _first.Digest;
        return isVoteForFirst
            && Sign(self, Ballot.Notarize(
                _second.Block.Header.Epoch, _second.Block.Header.View, _second.Block.Digest)) is Vote other
            ? [new Message.VoteCast(other)] : [message];
    }

    private bool IsSecondListener(SimNode self, NodeId to)
    {
        int index = 0;
        bool isVoter = self.Host?.Replica.Validators.TryIndexOf(to, out index) == true;
        return isVoter && ((_listeners >> index) & 1) != 0;
    }
}
