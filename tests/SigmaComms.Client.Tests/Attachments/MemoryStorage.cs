using System.Collections.Concurrent;
using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Client.Tests.Attachments;

/// <summary>Storage nodes in memory, which a test may damage or take away; counts what they are asked.</summary>
internal sealed class MemoryStorage
{
    private readonly ConcurrentDictionary<NodeId, Node> _nodes = new();

    public MemoryStorage(int nodes, TimeProvider time)
    {
        for (int i = 0; i < nodes; i++)
        {
            NodeId id = new(Digest.Sha256([(byte)i]));
            _nodes[id] = new Node();
        }

        Network = new StorageNetwork(
            new Placement(_nodes.Keys.Select(id => new StorageNode(id, "", 100))), id => _nodes[id], time);
    }

    public StorageNetwork Network { get; }

    public IReadOnlyList<Node> Nodes => [.. _nodes.OrderBy(node => node.Key).Select(node => node.Value)];

    public int FragmentCount => Nodes.Sum(node => node.Store.Count);

    internal sealed class Node : IFragmentStore
    {
        private int _puts;

        public MemoryFragmentStore Store { get; private set; } = new();

        /// <summary>The label and bytes of each fragment that was put.</summary>
        public ConcurrentQueue<(FragmentLabel Label, byte[] Bytes)> Taken { get; } = new();

        /// <summary>What it answers to all; null: what it has.</summary>
        public StoreStatus? Answer { get; set; }

        /// <summary>It answers nothing to the first so many puts.</summary>
        public int PutsLost { get; set; }

        /// <summary>Gives wrong bytes for everything.</summary>
        public bool Lies { get; set; }

        public void Lose() => Store = new MemoryFragmentStore();

        public async ValueTask<StoreStatus> PutAsync(
            FragmentLabel label, ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _puts) <= PutsLost)
            {
                return StoreStatus.Unreachable;
            }

            Taken.Enqueue((label, fragment.ToArray()));
            return Answer ?? await Store.PutAsync(label, fragment, cancellationToken);
        }

        public async ValueTask<StoreStatus> GetAsync(
            FragmentId id, int offset, Memory<byte> destination, CancellationToken cancellationToken)
        {
            StoreStatus status = Answer ?? await Store.GetAsync(id, offset, destination, cancellationToken);
            destination.Span[0] ^= (byte)(Lies ? 1 : 0);
            return status;
        }

        public ValueTask<(StoreStatus Status, FragmentLabel? Label)> DescribeAsync(
            FragmentId id, CancellationToken cancellationToken) => Store.DescribeAsync(id, cancellationToken);

        public ValueTask<StoreStatus> DeleteAsync(FragmentId id, CancellationToken cancellationToken) =>
            new(StoreStatus.Refused);
    }
}
