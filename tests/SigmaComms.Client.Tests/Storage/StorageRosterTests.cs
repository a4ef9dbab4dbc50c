using SigmaComms.Client.Storage;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Client.Tests.Vaults.Ordering;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Tests.Storage;

/// <summary>No node decides alone where fragments go.</summary>
public sealed class StorageRosterTests
{
    private static readonly NodeId Stranger = new(Digest.Sha256("stranger"u8));

    private readonly PretendedCluster _cluster = new(
        new SeededRandom(31), new InstantTime(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero)));

    private List<StorageNodeStatus> _told = [];

    [Fact]
    public async Task Members_are_the_logs_and_what_a_node_tells_of_them_is_their_name_address_and_room()
    {
        NodeId first = _cluster.Nodes.Min();
        _told = [new StorageNodeStatus(first, "n1", "10.0.0.1:7", "elsewhere", 999, 70, 7)];
        StorageRoster roster = await OpenAsync();

        StorageNodes nodes = await roster.AskAsync(TimeSpan.FromSeconds(1), default);

        Assert.Equal(_cluster.Nodes.Order(), nodes.Nodes.Select(node => node.Id));
        Assert.Equal(new StorageNodeStatus(first, "n1", "10.0.0.1:7", ZoneOf(first), 100, 70, 7), nodes.Nodes[0]);
        Assert.All(nodes.Nodes.Skip(1), node => Assert.Equal(
            new StorageNodeStatus(node.Id, "", "node:1", ZoneOf(node.Id), 100, 0, 0), node));
    }

    [Fact]
    public async Task A_list_of_one_node_and_its_friend_with_all_the_weight_changes_nothing()
    {
        StorageRoster roster = await OpenAsync();
        StorageNodes honest = await roster.AskAsync(TimeSpan.FromSeconds(1), default);
        _told =
        [
            new StorageNodeStatus(_cluster.Nodes[0], "me", "node:1", "", StorageNodeStatus.WeightMax, 0, 0),
            new StorageNodeStatus(Stranger, "friend", "node:9", "", StorageNodeStatus.WeightMax, 0, 0),
        ];

        StorageNodes lied = await roster.AskAsync(TimeSpan.FromSeconds(1), default);

        Assert.Equal(
            honest.Nodes.Select(node => (node.Id, node.Zone, node.Weight)),
            lied.Nodes.Select(node => (node.Id, node.Zone, node.Weight)));
        Assert.Equal(honest.Epoch, lied.Epoch);
    }

    [Fact]
    public async Task Without_enough_validators_that_prove_the_members_there_is_no_list()
    {
        _cluster.Bend = (node, request, honest) => node != _cluster.Nodes[0] && request is GetStateProof
            ? new Refused(RefusalReason.Unavailable, "no quorum")
            : honest();
        StorageRoster roster = await OpenAsync();

        ClientException thrown = await Assert.ThrowsAsync<ClientException>(
            () => roster.AskAsync(TimeSpan.FromSeconds(1), default));

        Assert.Equal(ClientFailure.Unavailable, thrown.Reason);
        Assert.Contains("no quorum", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Later_one_node_that_proves_them_is_enough_and_one_that_does_not_is_passed_over()
    {
        StorageRoster roster = await OpenAsync();
        StorageNodes before = await roster.AskAsync(TimeSpan.FromSeconds(1), default);
        _cluster.Bend = (node, request, honest) => request is GetStateProof && node != _cluster.Nodes[3]
            ? new Done()
            : honest();

        StorageNodes after = await roster.AskAsync(TimeSpan.FromSeconds(1), default);

        Assert.Equal(before.Nodes, after.Nodes);
    }

    private string ZoneOf(NodeId node) => $"zone{_cluster.Nodes.ToList().IndexOf(node)}";

    private async Task<StorageRoster> OpenAsync() => new(
        await _cluster.InquiryAsync(), (_, _) => Task.FromResult(new StorageNodes(99, _told)));
}
