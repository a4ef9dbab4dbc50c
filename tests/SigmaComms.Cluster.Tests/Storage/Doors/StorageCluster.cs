using SigmaComms.Client;
using SigmaComms.Client.Links;
using SigmaComms.Client.Storage;
using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Storage.Doors;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cluster.Tests.Sockets;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault.Scatter;
using NodeRoles = SigmaComms.Consensus.Membership.NodeRoles;

namespace SigmaComms.Cluster.Tests.Storage.Doors;

/// <summary>
/// Two nodes on real sockets with a control log and fragments in memory, a vault, and a device that may write it.
/// </summary>
public sealed class StorageCluster : IAsyncLifetime
{
    private const int WriterNumber = 2_101;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly List<IAsyncDisposable> _open = [];
    private RealCluster _cluster = null!;

    /// <summary>What each node keeps.</summary>
    public IReadOnlyList<MemoryFragmentStore> Kept { get; } = [new(), new()];

    /// <summary>The vault.</summary>
    public Digest Vault { get; private set; }

    internal IReadOnlyList<ClusterNode> Nodes => _cluster.Nodes;

    public async Task InitializeAsync()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        _cluster = new RealCluster(2);
        Digest log = ControlGenesis.ClusterOf(_cluster.Cluster);
        NodeRequest[] founders =
        [
            .. Enumerable.Range(0, 2).Select(i => ControlFounder.Request(
                _cluster.OptionsOf(i).DataDirectory, SimCluster.IdentityOf(i + 1).Key, log,
                new NodePlace(NodeRoles.Validator | NodeRoles.Storage, $"rack-{i}", 100),
                [_cluster.OptionsOf(i).Listen!.ToString()], SystemRandom.Instance)),
        ];
        ControlGenesis genesis = new(log, founders, []);
        for (int i = 0; i < 2; i++)
        {
            _cluster.OptionsOf(i).Control = new ControlOptions { Genesis = genesis, WalSegmentBytes = 4 << 20 };
            _cluster.OptionsOf(i).Fragments = Kept[i];
            await _cluster.StartAsync(i);
        }

        await _cluster.UpAsync();
        Vault = await CreateVaultAsync(WriterNumber);
        foreach (ClusterNode node in Nodes)
        {
            node.StorageDoor.IsDropped = static _ => true;
        }
    }

    /// <summary>A new vault that a device may write.</summary>
    internal async Task<Digest> CreateVaultAsync(int writer)
    {
        Digest salt = Digest.Sha256(Guid.NewGuid().ToByteArray());
        Digest vault = VaultCommand.IdOf(Nodes[0].Control!.Desk.Node.Self, salt);
        await OrderAsync(VaultCommand.Create(salt));
        await OrderAsync(VaultCommand.AddWriter(vault, SimCluster.IdentityOf(writer).Id));
        return vault;
    }

    /// <summary>Takes the right to write from a device.</summary>
    internal Task RemoveWriterAsync(Digest vault, int writer) =>
        OrderAsync(VaultCommand.RemoveWriter(vault, SimCluster.IdentityOf(writer).Id));

    /// <summary>A device's way to a node.</summary>
    internal IFragmentStore Client(int node, int device = WriterNumber)
    {
        StorageLink way = new(
            Nodes[node].Control!.Desk.Node.Self, _cluster.OptionsOf(node).Listen!.ToString(), Connector(device),
            TimeProvider.System, SystemRandom.Instance);
        _open.Add(way);
        return new LinkFragmentStore(way, TimeProvider.System);
    }

    /// <summary>A device's ways to all nodes, as the first of them tells of them.</summary>
    internal async Task<StorageLinks> LinksAsync(int device = WriterNumber)
    {
        NodeConnector connector = Connector(device);
        LinkBoard board = new(TimeProvider.System);
        NodeConnection connection = await connector.ConnectAsync(
            _cluster.OptionsOf(0).Listen!.ToString(), Lane.Bulk, static _ => ValueTask.CompletedTask,
            CancellationToken.None);
        board.Set(connection);
        StorageLinks links = new(connector, board, TimeProvider.System, SystemRandom.Instance);
        _open.Add(connection.Link);
        _open.Add(links);
        return links;
    }

    /// <summary>One node's way to the other.</summary>
    internal IFragmentStore Peer(int from, int to) =>
        new PeerFragmentStore(Nodes[from].Control!.Desk.Node, Nodes[to].Control!.Desk.Node.Self);

    public async Task DisposeAsync()
    {
        foreach (IAsyncDisposable open in _open)
        {
            await open.DisposeAsync();
        }

        await _cluster.DisposeAsync();
    }

    private NodeConnector Connector(int device)
    {
        var dialer = new SecureLinkDialer(
            SimCluster.IdentityOf(device).Key, TimeProvider.System, SystemRandom.Instance, _cluster.Log);
        ClusterProfile profile = new(
            _cluster.Cluster, _cluster.OptionsOf(0).OperatorPublicKey, [_cluster.OptionsOf(0).Listen!.ToString()]);
        return new NodeConnector(dialer, profile, TimeProvider.System, SystemRandom.Instance);
    }

    private async Task OrderAsync(VaultCommand command)
    {
        CommandAnswer answer = await Nodes[0].Control!.SubmitAsync(
            MachineIds.VaultCommands, command.Encode(), Patience, CancellationToken.None);
        Assert.True(answer.IsExecuted, $"{answer.Verdict} {answer.Detail}");
        Assert.True(VaultReply.TryDecode(answer.Reply.Span, out VaultReply reply));
        Assert.Equal(VaultStatus.Done, reply.Status);
    }
}
