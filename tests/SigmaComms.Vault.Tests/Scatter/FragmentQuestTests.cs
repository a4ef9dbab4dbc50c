using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Vault.Tests.Scatter;

public sealed class FragmentQuestTests
{
    [Theory]
    [InlineData("0123", 10, 12, 8, 9)]
    [InlineData("2310", 30, 20, 8, 9)]
    [InlineData("2013", 10, 12, 4, 9)]
    [InlineData("0123", 0, 0, 0, 0)]
    public void Parity_is_asked_for_first_only_where_it_comes_in_less_than_half_the_time(
        string order, int first, int second, int third, int fourth)
    {
        int[] latencies = [first, second, third, fourth];
        NodeId[] nodes = [.. Enumerable.Range(0, 4).Select(i => new NodeId(Digest.Sha256([(byte)i])))];
        NodeId[][] ranks = [.. nodes.Select(node => (NodeId[])[node])];

        FragmentQuest quest = new(
            ranks, dataFragments: 2, node => TimeSpan.FromMilliseconds(latencies[Array.IndexOf(nodes, node)]));
        List<int> asked = [];
        while (quest.TryNext(out FragmentAttempt attempt))
        {
            asked.Add(attempt.Index);
        }

        Assert.Equal(order, string.Concat(asked));
    }
}
