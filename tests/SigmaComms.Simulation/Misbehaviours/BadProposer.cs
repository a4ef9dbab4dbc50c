using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Misbehaviours;

/// <summary>Proposes what does not follow from its parent, comes from the future, or skips views.</summary>
internal sealed class BadProposer(SimRandom random) : Misbehaviour(random)
{
    private Message.Propose? _instead;

    public override void Broadcasting(SimNode self, Message message)
    {
        if (message is not Message.Propose propose)
        {
            return;
        }

        _instead = null;
        BlockHeader header = Bend(self, propose.Block.Header);
        if (Block.TryJoin(header, propose.Block.Body, out Block? block)
            && Sign(self, Ballot.Propose(header.Epoch, header.View, block.Digest)) is Vote vote)
        {
            self.World.Oracle.Proposed(block);
            _instead = new Message.Propose(vote, block);
        }
    }

    // It says one thing only, so that nothing but the block itself can convict it.
    public override IEnumerable<Message> Say(SimNode self, NodeId to, Message message)
    {
        if (_instead is null)
        {
            return [message];
        }

        BlockHeader header = _instead.Block.Header;
        bool isVote = message is Message.VoteCast { Vote: Vote vote }
            && vote.Ballot.Notarizes(out View view, out _) && view == header.View;
        if (isVote)
        {
            return Sign(self, Ballot.Notarize(header.Epoch, header.View, _instead.Block.Digest)) is Vote own
                ? [new Message.VoteCast(own)] : [];
        }

        return message is Message.Propose ? [_instead] : [message];
    }

    private BlockHeader Bend(SimNode self, BlockHeader header) => Random.Below(9) switch
    {
        0 => header with { StateRoot = header.Parent },
        1 => header with { HistoryRoot = header.Parent },
        2 => header with { Timestamp = 1 },
        3 => header with { Timestamp = header.Timestamp + (600 * TimeSpan.TicksPerSecond) },
        4 => header with { Timestamp = header.Timestamp + (TimeSpan.TicksPerSecond * 4 / 10) },
        5 => header with { IsEpochEnd = !header.IsEpochEnd },
        6 => header with { Height = header.Height.Next },
        7 => OnOlderParent(self.Host?.Last, header),
        _ => OnOlderParent(self.Host?.BeforeLast, header),
    };

    // All is right with it but that the views since that block need not be nullified.
    private static BlockHeader OnOlderParent(CommittedBlock? last, BlockHeader header)
    {
        if (last is null || last.Block.Header.Epoch != header.Epoch)
        {
            return header;
        }

        return header with
        {
            Height = last.Block.Header.Height.Next,
            Parent = last.Block.Digest,
            ParentView = last.Block.Header.View,
            StateRoot = last.Execution.Ledger.Root,
            HistoryRoot = last.History.Root,
        };
    }
}
