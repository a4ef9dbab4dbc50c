using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Membership;

/// <summary>This node's view of the cluster at one moment. Immutable.</summary>
/// <param name="Self">This node.</param>
/// <param name="Members">
/// Every node that was ever admitted and is known, by id, this one included. Who left stays, passed over, as the order
/// of the others, and the number of the view, must not go back.
/// </param>
internal sealed record ClusterView(NodeId Self, ImmutableSortedDictionary<NodeId, Member> Members)
{
    /// <summary>Names who is admitted, for requests between nodes; it does not tell who can be used.</summary>
    public MembershipView Membership { get; init; }

    /// <summary>Nodes that can be used now, this one included.</summary>
    public int UpCount => Members.Values.Count(IsUsable);

    /// <summary>Those that are known without those that were turned out.</summary>
    public IEnumerable<NodeId> Belonging =>
        Members.Values.Where(static member => !member.IsOut).Select(static member => member.Id);

    /// <summary>Nodes that belong to the cluster.</summary>
    public int Count => Belonging.Count();

    /// <summary>Smallest number of nodes that is more than half of those that belong to the cluster.</summary>
    public int Majority => (Count / 2) + 1;

    /// <summary>Whether the node can be used now.</summary>
    /// <param name="node">The node.</param>
    public bool IsUp(NodeId node) => Members.TryGetValue(node, out Member? member) && IsUsable(member);

    /// <summary>
    /// Every admitted node, best first, by rendezvous hashing. The order of any two nodes does not depend on which
    /// others are members, so that nodes with different views still agree on it.
    /// </summary>
    /// <param name="key">What is to be placed.</param>
    public IReadOnlyList<NodeId> Rank(ReadOnlySpan<byte> key)
    {
        var scored = new List<(ulong Score, NodeId Node)>(Members.Count);
        Span<byte> input = stackalloc byte[Digest.SizeBytes * 2];
        Span<byte> hash = stackalloc byte[Digest.SizeBytes];
        input.Clear();
        key.CopyTo(input);
        foreach (NodeId node in Members.Keys)
        {
            node.Value.CopyTo(input[Digest.SizeBytes..]);
            SHA256.HashData(input, hash);
            scored.Add((BinaryPrimitives.ReadUInt64BigEndian(hash), node));
        }

        scored.Sort(static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Node.CompareTo(b.Node));
        return [.. scored.Select(entry => entry.Node)];
    }

    /// <summary>The nodes that can be used now, best first; those that cannot write come last.</summary>
    /// <param name="key">What is to be placed.</param>
    public IReadOnlyList<NodeId> RankUp(ReadOnlySpan<byte> key) =>
        [.. Rank(key).Where(IsUp).OrderBy(node => Members[node].IsStorageFailing)];

    /// <summary>The nodes on which a mailbox belongs at the moment.</summary>
    /// <param name="device">Whose mailbox.</param>
    /// <param name="copies">How many they are, if as many can be used.</param>
    public IReadOnlyList<NodeId> OwnersOf(NodeId device, int copies) => [.. RankUp(device).Take(copies)];

    /// <summary>Whether a node is an owner of a mailbox by this view.</summary>
    /// <param name="node">The node.</param>
    /// <param name="device">Whose mailbox.</param>
    /// <param name="claim">How many owners there are, and who is passed over.</param>
    public bool IsOwner(NodeId node, NodeId device, OwnershipClaim claim)
    {
        HashSet<NodeId> passedOver = [.. claim.PassedOver];
        return Rank(device.Value.ToArray()).Where(member => !passedOver.Contains(member)).Take(claim.Owners)
            .Contains(node);
    }

    /// <summary>Why the owners of a mailbox are those: all that are better than one of them are passed over.</summary>
    /// <param name="device">Whose mailbox.</param>
    /// <param name="owners">The nodes that are taken for its owners; at least one.</param>
    public OwnershipClaim ClaimFor(NodeId device, IReadOnlyCollection<NodeId> owners)
    {
        IReadOnlyList<NodeId> ranked = Rank(device.Value.ToArray());
        int last = ranked.Count - 1;
        while (last > 0 && !owners.Contains(ranked[last]))
        {
            last--;
        }

        NodeId[] passedOver = [.. ranked.Take(last).Where(member => !owners.Contains(member))];
        return new OwnershipClaim(Membership, (byte)owners.Count, passedOver);
    }

    /// <summary>The nodes that can be used now, best first.</summary>
    /// <param name="device">Whose mailbox is to be placed.</param>
    public IReadOnlyList<NodeId> RankUp(NodeId device) => RankUp(device.Value.ToArray());

    private static bool IsUsable(Member member) => member is { State: MemberState.Up, IsOut: false };
}
