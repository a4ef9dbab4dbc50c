using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Proofs;

/// <summary>
/// An immutable map from 32-byte keys to values with a root that binds all of it. A change shares all but one path
/// with the map it came from; hashes are computed when asked for, once. The shape depends on the contents alone. Keys
/// should be hashes: whoever could choose their bits could make one path 256 deep, and no deeper.
/// </summary>
/// <typeparam name="TValue">The values.</typeparam>
/// <standard>
/// A sparse Merkle tree over 256-bit keys (Dahlberg, Pulls and Peeters, "Efficient Sparse Merkle Trees", 2016) in which
/// a subtree with one entry is that entry and an empty one is 32 zero bytes, as in the Jellyfish Merkle tree (Gao, Hu
/// and Wu, 2021). Hashes: RFC 9162, section 2.1.1.
/// </standard>
public sealed class MerkleMap<TValue>
    where TValue : class, IMerkleValue
{
    private readonly Node? _root;

    private MerkleMap(Node? root) => _root = root;

    /// <summary>The map without entries; its root is 32 zero bytes.</summary>
    public static MerkleMap<TValue> Empty { get; } = new(null);

    /// <summary>How many entries there are.</summary>
    public int Count => _root?.Count ?? 0;

    /// <summary>The hash that binds all entries.</summary>
    public Digest Root => HashOf(_root);

    /// <summary>The entries in the order of their keys.</summary>
    public IEnumerable<KeyValuePair<Digest, TValue>> Entries
    {
        get
        {
            Stack<Node> waiting = new();
            Node? node = _root;
            while (node is not null || waiting.Count > 0)
            {
                node ??= waiting.Pop();
                if (node is Leaf leaf)
                {
                    yield return new(leaf.Key, leaf.Value);
                    node = null;
                    continue;
                }

                var inner = (Inner)node;
                if (inner.Right is not null)
                {
                    waiting.Push(inner.Right);
                }

                node = inner.Left;
            }
        }
    }

    /// <summary>Finds a value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns>False if there is none.</returns>
    public bool TryGet(Digest key, [NotNullWhen(true)] out TValue? value)
    {
        Span<byte> bits = stackalloc byte[Digest.SizeBytes];
        key.CopyTo(bits);
        Node? node = _root;
        for (int depth = 0; node is Inner inner; depth++)
        {
            node = MapPath.IsRight(bits, depth) ? inner.Right : inner.Left;
        }

        value = node is Leaf leaf && leaf.Key == key ? leaf.Value : null;
        return value is not null;
    }

    /// <summary>The map with a value, in place of the one the key had.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    public MerkleMap<TValue> Set(Digest key, TValue value)
    {
        Span<byte> bits = stackalloc byte[Digest.SizeBytes];
        key.CopyTo(bits);
        return new MerkleMap<TValue>(Set(_root, bits, 0, new Leaf(key, value)));
    }

    /// <summary>The map without a key; the same map if it was not there.</summary>
    /// <param name="key">The key.</param>
    public MerkleMap<TValue> Remove(Digest key)
    {
        Span<byte> bits = stackalloc byte[Digest.SizeBytes];
        key.CopyTo(bits);
        Node? root = Remove(_root, bits, 0, key);
        return ReferenceEquals(root, _root) ? this : new MerkleMap<TValue>(root);
    }

    /// <summary>Shows what stands at a key: its value, or that there is none.</summary>
    /// <param name="key">The key.</param>
    public MapProof Prove(Digest key)
    {
        Span<byte> bits = stackalloc byte[Digest.SizeBytes];
        key.CopyTo(bits);
        List<Digest> siblings = [];
        Node? node = _root;
        for (int depth = 0; node is Inner inner; depth++)
        {
            bool isRight = MapPath.IsRight(bits, depth);
            siblings.Add(HashOf(isRight ? inner.Left : inner.Right));
            node = isRight ? inner.Right : inner.Left;
        }

        return node is Leaf leaf
            ? new MapProof(siblings, leaf.Key, leaf.ValueDigest)
            : new MapProof(siblings, null, default);
    }

    private static Node Set(Node? node, ReadOnlySpan<byte> bits, int depth, Leaf leaf)
    {
        switch (node)
        {
            case null:
                return leaf;
            case Leaf existing:
                return existing.Key == leaf.Key ? leaf : Split(existing, leaf, bits, depth);
            default:
                var inner = (Inner)node;
                return MapPath.IsRight(bits, depth)
                    ? new Inner(inner.Left, Set(inner.Right, bits, depth + 1, leaf))
                    : new Inner(Set(inner.Left, bits, depth + 1, leaf), inner.Right);
        }
    }

    private static Node Split(Leaf existing, Leaf added, ReadOnlySpan<byte> addedBits, int depth)
    {
        Span<byte> existingBits = stackalloc byte[Digest.SizeBytes];
        existing.Key.CopyTo(existingBits);
        int shared = MapPath.SharedBits(existingBits, addedBits);
        Invariant.Holds(shared >= depth && shared < MapPath.BitsMax);
        Node node = MapPath.IsRight(addedBits, shared) ? new Inner(existing, added) : new Inner(added, existing);
        for (int level = shared - 1; level >= depth; level--)
        {
            node = MapPath.IsRight(addedBits, level) ? new Inner(null, node) : new Inner(node, null);
        }

        return node;
    }

    private static Node? Remove(Node? node, ReadOnlySpan<byte> bits, int depth, Digest key)
    {
        if (node is not Inner inner)
        {
            return node is Leaf leaf && leaf.Key == key ? null : node;
        }

        bool isRight = MapPath.IsRight(bits, depth);
        Node? before = isRight ? inner.Right : inner.Left;
        Node? after = Remove(before, bits, depth + 1, key);
        if (ReferenceEquals(before, after))
        {
            return node;
        }

        Node? other = isRight ? inner.Left : inner.Right;
        return (after, other) switch
        {
            (null, null) => null,
            (null, Leaf) => other,
            (Leaf, null) => after,
            _ => isRight ? new Inner(other, after) : new Inner(after, other),
        };
    }

    private static Digest HashOf(Node? node) => node?.Hash ?? default;

    private abstract class Node
    {
        private Digest _hash;
        private volatile bool _isHashed;

        public abstract int Count { get; }

        // Two readers may compute it at once; both write the same bytes, and the flag only after them.
        public Digest Hash
        {
            get
            {
                if (!_isHashed)
                {
                    _hash = ComputeHash();
                    _isHashed = true;
                }

                return _hash;
            }
        }

        protected abstract Digest ComputeHash();
    }

    private sealed class Leaf(Digest key, TValue value) : Node
    {
        public Digest Key { get; } = key;

        public TValue Value { get; } = value;

        public Digest ValueDigest => Value.ComputeDigest();

        public override int Count => 1;

        protected override Digest ComputeHash() => MapPath.EntryHash(Key, ValueDigest);
    }

    private sealed class Inner(Node? left, Node? right) : Node
    {
        public Node? Left { get; } = left;

        public Node? Right { get; } = right;

        public override int Count { get; } = (left?.Count ?? 0) + (right?.Count ?? 0);

        protected override Digest ComputeHash() => MerkleHash.Node(HashOf(Left), HashOf(Right));
    }
}
