using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>
/// The last final block and what may follow it. Nothing enters but proposals of near views and what was asked for.
/// </summary>
internal sealed class BlockTree(Foundation foundation)
{
    private readonly Dictionary<Digest, BlockNode> _nodes = [];

    /// <summary>The last final block.</summary>
    public BlockNode Root { get; private set; } = new(foundation);

    /// <summary>The blocks that are not final.</summary>
    public int Count => _nodes.Count;

    public BlockNode? Find(Digest digest) =>
        digest == Root.Digest ? Root : _nodes.GetValueOrDefault(digest);

    public BlockNode Add(Block block)
    {
        if (Find(block.Digest) is BlockNode known)
        {
            return known;
        }

        var node = new BlockNode(block);
        _nodes.Add(block.Digest, node);
        return node;
    }

    public void Drop(Digest digest) => _nodes.Remove(digest);

    /// <summary>Judges a block if its ancestors are there; the first one that is not, is told.</summary>
    /// <param name="node">The block.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="missing">The digest of the missing ancestor, or null if none is missing.</param>
    /// <returns>What is known of the block now.</returns>
    public Validity Judge(BlockNode node, Epoch epoch, out Digest? missing)
    {
        missing = null;
        Stack<BlockNode> unknown = [];
        BlockNode current = node;
        while (current.Validity == Validity.Unknown)
        {
            unknown.Push(current);
            BlockNode lowest = IsLowest(current.Lowest) ? current.Lowest : current;
            BlockNode? parent = Find(lowest.Header.Parent);
            if (parent is null)
            {
                foreach (BlockNode waiting in unknown)
                {
                    waiting.Lowest = lowest;
                }

                // A branch that leaves the final chain below its end can never be final.
                bool isLate = lowest.Header.Height <= Root.Header.Height.Next;
                missing = isLate ? null : lowest.Header.Parent;
                return Validity.Unknown;
            }

            if (parent.Header.Height >= current.Header.Height)
            {
                return Validity.Unknown;
            }

            current = parent;
        }

        while (unknown.TryPop(out BlockNode? next))
        {
            if (current.Validity == Validity.Invalid)
            {
                return Validity.Unknown;
            }

            next.Judge(current, ViewOf(current, epoch), epoch);
            current = next;
        }

        return node.Validity;
    }

    /// <summary>The view of a block as its children name it: 0 if the epoch begins from it.</summary>
    public static View ViewOf(BlockNode node, Epoch epoch) =>
        node.Header.Epoch == epoch ? node.Header.View : new View(0);

    /// <summary>Whether a block or one between it and the root is worth a view of its own.</summary>
    public bool HasWork(BlockNode node)
    {
        for (BlockNode? current = node; current is not null && current != Root; current = Find(current.Header.Parent))
        {
            if (current.IsWork)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Makes a descendant of the root the new one and drops what does not descend from it.</summary>
    public void Advance(BlockNode root)
    {
        Root = root;
        _nodes.Remove(root.Digest);
        HashSet<Digest> dropped = [];
        foreach (BlockNode node in ByHeight())
        {
            if (!MayFollow(node, dropped))
            {
                dropped.Add(node.Digest);
            }
        }

        foreach (Digest digest in dropped)
        {
            _nodes.Remove(digest);
        }
    }

    /// <summary>The blocks that are not final, parents before children.</summary>
    public List<BlockNode> ByHeight()
    {
        List<BlockNode> nodes = [.. _nodes.Values];
        nodes.Sort((a, b) => a.Header.Height != b.Header.Height
            ? a.Header.Height.CompareTo(b.Header.Height) : a.Digest.CompareTo(b.Digest));
        return nodes;
    }

    /// <summary>Begins anew from a block; nothing that was there follows it.</summary>
    public void Restart(Foundation foundation)
    {
        Root = new BlockNode(foundation);
        _nodes.Clear();
    }

    // Whether the parent of the lowest unknown ancestor that was found before is still missing, so that nobody needs to
    // go the whole way to it again: who is far behind asks so of each block at every step.
    private bool IsLowest([NotNullWhen(true)] BlockNode? lowest) =>
        lowest is not null && _nodes.GetValueOrDefault(lowest.Digest) == lowest && Find(lowest.Header.Parent) is null;

    // Parents are judged before their children.
    private bool MayFollow(BlockNode node, HashSet<Digest> dropped)
    {
        Digest parent = node.Header.Parent;
        if (node.Header.Height <= Root.Header.Height || dropped.Contains(parent))
        {
            return false;
        }

        // A parent that is not here may still come, unless it would stand beside the root.
        return parent == Root.Digest
            || (_nodes.TryGetValue(parent, out BlockNode? known)
                ? known.Header.Height < node.Header.Height
                : node.Header.Height > Root.Header.Height.Next);
    }
}
