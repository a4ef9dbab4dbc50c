using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>Frontiers are compared, and whoever is behind fetches final blocks, or the certificate of a view.</summary>
internal static class CatchingUp
{
    private const int TriesMax = 3;

    public static Message.Status StatusOf(ReplicaState state, bool isAnswer) => new(
        state.Epoch, state.View, state.Tree.Root.Header.Height, state.Tree.Root.Digest, state.FinalizeCast, isAnswer);

    public static void Take(ReplicaState state, NodeId from, Message.Status status)
    {
        Height height = state.Tree.Root.Header.Height;
        if (status.Height > height && (state.Ahead is null || status.Height > state.Ahead.Value.Height))
        {
            state.Ahead = (from, status.Height, 0);
        }

        bool isSameEpoch = status.Epoch == state.Epoch;
        if (isSameEpoch && status.View < state.View && state.Entry is not null)
        {
            state.Outbox.Add(new Effect.Send(from, new Message.Certificates([state.Entry])));
        }

        bool isBehind = status.Height < height || status.Epoch < state.Epoch;
        bool isAhead = isSameEpoch && status.View > state.View;
        if (!status.IsAnswer && (isBehind || isAhead))
        {
            state.Outbox.Add(new Effect.Send(from, StatusOf(state, isAnswer: true)));
        }
    }

    /// <summary>A peer votes in an epoch that is not the own one.</summary>
    public static void Take(ReplicaState state, Input.OtherEpochSeen seen)
    {
        // Who is behind learns of it by the answer; who is ahead answers with where it stands.
        bool isAnswer = seen.Epoch < state.Epoch;
        if (seen.Epoch != state.Epoch && (isAnswer || state.Ahead is null))
        {
            state.Outbox.Add(new Effect.Send(seen.From, StatusOf(state, isAnswer)));
        }
    }

    public static void Take(ReplicaState state, Message.FinalBlocks message)
    {
        if (!TryLink(state, message, out List<Block> blocks))
        {
            return;
        }

        foreach (Block block in blocks)
        {
            state.Tree.Add(block);
        }

        Counting.Certify(state, message.Proof.Certificate);
        state.Pulls = 0;
    }

    /// <summary>Asks for the next final blocks, unless the one who has them was asked in vain too often.</summary>
    public static void Pull(ReplicaState state)
    {
        if (state.Ahead is not (NodeId node, Height height, int tries))
        {
            return;
        }

        if (height <= state.Tree.Root.Header.Height || tries >= TriesMax)
        {
            state.Ahead = null;
            return;
        }

        state.Ahead = (node, height, tries + 1);
        state.Outbox.Add(new Effect.Send(node, new Message.PullFinal(state.Tree.Root.Header.Height.Next)));
    }

    /// <summary>After final blocks came: asks at once for those after them.</summary>
    public static void PullOn(ReplicaState state)
    {
        if (state.Ahead is (NodeId node, Height height, _))
        {
            state.Ahead = (node, height, 0);
            Pull(state);
        }
    }

    // All blocks after the last final one, in a row, of this epoch, up to the one that is certified.
    private static bool TryLink(ReplicaState state, Message.FinalBlocks message, out List<Block> linked)
    {
        linked = [];
        BlockNode root = state.Tree.Root;
        Block last = message.Blocks[^1];
        if (last.Header.Height <= root.Header.Height
            || !message.Proof.Leads(state.Epoch, last.Digest, state.Validators))
        {
            return false;
        }

        Digest parent = root.Digest;
        foreach (Block block in message.Blocks)
        {
            if (block.Header.Height <= root.Header.Height)
            {
                continue;
            }

            if (block.Header.Parent != parent || block.Header.Epoch != state.Epoch)
            {
                return false;
            }

            linked.Add(block);
            parent = block.Digest;
        }

        // What follows the end of an epoch has no commands, so its header is all of it.
        foreach (BlockHeader header in message.Proof.Descendants)
        {
            if (!Block.TryJoin(header, CommandBody.Empty, out Block? block))
            {
                return false;
            }

            linked.Add(block);
        }

        return linked.Count > 0;
    }
}
