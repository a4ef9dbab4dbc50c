using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>Frontiers are compared, and whoever is behind fetches final blocks, or the certificate of a view.</summary>
internal static class CatchingUp
{
    private const int TriesMax = 3;
    private const int AheadMax = 64;

    public static Message.Status StatusOf(ReplicaState state, bool isAnswer) => new(
        state.Epoch, state.View, state.Tree.Root.Header.Height, state.Tree.Root.Digest, state.FinalizeCast, isAnswer);

    public static void Take(ReplicaState state, NodeId from, Message.Status status)
    {
        Height height = state.Tree.Root.Header.Height;
        if (status.Height > height && (state.Ahead.ContainsKey(from) || state.Ahead.Count < AheadMax))
        {
            int tries = state.Ahead.GetValueOrDefault(from).Tries;
            state.Ahead[from] = (status.Height, tries);
        }

        bool isSameEpoch = status.Epoch == state.Epoch;
        if (isSameEpoch && status.View < state.View && state.Entry is not null && !IsOnItsWay(state, from, status))
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
        if (seen.Epoch != state.Epoch && (isAnswer || state.Ahead.Count == 0))
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

    /// <summary>Asks the next node of those who say they have more; who answered nothing is forgotten.</summary>
    public static void Pull(ReplicaState state)
    {
        NodeId? first = null;
        NodeId? next = null;
        List<NodeId> useless = [];
        foreach ((NodeId node, (Height height, int tries)) in state.Ahead)
        {
            if (height <= state.Tree.Root.Header.Height || tries >= TriesMax)
            {
                useless.Add(node);
                continue;
            }

            first ??= node;
            next ??= node > state.LastAsked ? node : null;
        }

        foreach (NodeId node in useless)
        {
            state.Ahead.Remove(node);
        }

        if ((next ?? first) is NodeId asked)
        {
            Ask(state, asked);
        }
    }

    /// <summary>After final blocks came: asks at once for those after them.</summary>
    public static void PullOn(ReplicaState state)
    {
        Height height = state.Tree.Root.Header.Height;
        if (state.Ahead.TryGetValue(state.LastAsked, out (Height Height, int Tries) asked) && asked.Height > height)
        {
            state.Ahead[state.LastAsked] = (asked.Height, 0);
            Ask(state, state.LastAsked);
        }
    }

    // Of who is one view behind, the first time while all are busy, the votes by which this view was entered are still
    // on their way, or were when it said so: a certificate is as long as all of them. Who is left behind says it again.
    private static bool IsOnItsWay(ReplicaState state, NodeId from, Message.Status status)
    {
        if (status.View.Next != state.View || !state.Validators.TryIndexOf(from, out int peer)
            || (state.SaidBehind & (1UL << peer)) != 0)
        {
            return false;
        }

        state.SaidBehind |= 1UL << peer;
        return Waiting.IsActive(state);
    }

    private static void Ask(ReplicaState state, NodeId node)
    {
        (Height height, int tries) = state.Ahead[node];
        state.Ahead[node] = (height, tries + 1);
        state.LastAsked = node;
        state.Outbox.Add(new Effect.Send(node, new Message.PullFinal(state.Tree.Root.Header.Height.Next)));
    }

    // All blocks after the last final one, in a row, of this epoch, up to the one that is certified.
    private static bool TryLink(ReplicaState state, Message.FinalBlocks message, out List<Block> linked)
    {
        linked = [];
        BlockNode root = state.Tree.Root;
        Block last = message.Blocks[^1];
        if (last.Header.Height <= root.Header.Height
            || !message.Proof.Leads(last.Header, state.Validators))
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
