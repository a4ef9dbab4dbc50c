using Microsoft.Extensions.Logging;
using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Directory;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence.InMemory;

namespace SigmaComms.Cluster.Tests.Simulation;

/// <summary>A node of the simulation over its starts and deaths; its disk survives.</summary>
internal sealed class SimNode
{
    private readonly SimCluster _cluster;
    private readonly Dictionary<string, InMemoryStore> _disk = [];
    private SimListener? _listener;

    // A process that starts anew must not draw the same random numbers for its sessions.
    private int _starts;

    public SimNode(SimCluster cluster, int number, ClusterNodeOptions options, SimIdentity identity)
    {
        _cluster = cluster;
        Number = number;
        Options = options;
        Identity = identity;
    }

    public int Number { get; }

    public ClusterNodeOptions Options { get; }

    public SimIdentity Identity { get; }

    public NodeId Id => Identity.Id;

    public NodeEndpoint Endpoint => Options.Listen!;

    public SimHost Host { get; private set; } = new();

    public FaultyStore Store { get; private set; } = null!;

    public ClusterNode Node { get; private set; } = null!;

    public bool IsAlive { get; private set; }

    /// <summary>A journal that cannot be opened from the start on; null for none.</summary>
    public string? AwayFor { get; set; }

    /// <summary>The disk of its control log; null: it has none.</summary>
    public FaultyDisk? ControlDisk { get; set; }

    public Task Start(ILogger logger)
    {
        Host = new SimHost();
        _cluster.Add(Host);
        if (!_disk.TryGetValue("disk", out InMemoryStore? disk))
        {
            disk = new InMemoryStore(Host.Time);
            Publish(disk);
        }

        disk = disk.Reopen();
        _disk["disk"] = disk;
        Store = new FaultyStore(disk) { AwayFor = AwayFor };
        _listener = new SimListener(_cluster.Network, Host, Identity, Options.Listen!);
        var world = new NodeBoundaries(
            _listener,
            new SimDialer(_cluster.Network, Host, Identity),
            Store,
            Store,
            Host.System.System,
            Host.Time,
            new SeededRandom(Number + (ControlDisk is null ? 0 : 10_000 * ++_starts)))
        {
            Control = ControlDisk is null ? null : new ControlBoundaries(() => ControlDisk),
        };
        Node = new ClusterNode(Options, Identity.Key, logger);
        IsAlive = true;
        var started = new TaskCompletionSource();
        Host.Post(async () =>
        {
            try
            {
                await Node.StartAsync(world, "node", CancellationToken.None);
                started.SetResult();
            }
            catch (ClusterException error)
            {
                started.SetException(error);
            }
        });
        return started.Task;
    }

    /// <summary>Events that the disk holds under an id.</summary>
    public int EventsStored(string persistenceId) => CountAsync(persistenceId).GetAwaiter().GetResult();

    /// <summary>kill -9: nothing is said, nothing is written any more, connections are reset.</summary>
    public void Kill()
    {
        IsAlive = false;
        Store.IsClosed = true;
        Host.IsDead = true;
        ControlDisk?.Kill();
        _cluster.Network.Close(_listener!);
        _cluster.Network.BreakAll(Host);
    }

    /// <summary>Most tests are not about the key directory: their clients' devices are known from the start.</summary>
    private static void Publish(InMemoryStore disk) => disk.AppendAsync(
        "directory", 0, 1, [DirectoryEvent.Voted(SimClient.Account).Stored], CancellationToken.None)
        .AsTask().GetAwaiter().GetResult();

    /// <summary>The dead node's disk is replaced by an empty one.</summary>
    public void Wipe()
    {
        _disk.Clear();
        System.IO.Directory.Delete(Options.DataDirectory, recursive: true);
    }

    private async Task<int> CountAsync(string persistenceId)
    {
        int count = 0;
        await foreach (Persistence.JournalEvent _ in _disk["disk"].ReplayAsync(persistenceId, 0, default))
        {
            count++;
        }

        return count;
    }
}
