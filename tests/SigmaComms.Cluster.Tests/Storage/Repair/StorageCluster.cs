using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Actors.TestKit;
using SigmaComms.Cluster.Storage;
using SigmaComms.Cluster.Storage.Repair;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Vault;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Tests.Storage.Repair;

/// <summary>
/// Storage nodes with their repair over memory, and a client that writes to them. Its clock stands still.
/// </summary>
internal sealed class StorageCluster : IDisposable
{
    private readonly SortedDictionary<NodeId, StorageHost> _hosts = [];
    private readonly HashSet<NodeId> _members = [];
    private readonly HashSet<NodeId> _leaving = [];
    private readonly Dictionary<NodeId, RepairRound> _rounds = [];
    private readonly Dictionary<NodeId, SettledView> _settled = [];
    private readonly StripeBuffers _buffers = new();
    private readonly StripeKeys _keys;
    private readonly List<FragmentLabel> _written = [];
    private ulong _epoch = 1;

    public StorageCluster(int nodes, int data, int parity, Action<RepairOptions>? adjust = null)
    {
        Shape = new VaultShape(data, parity, VaultShape.StripeSizeMinBytes);
        _keys = new StripeKeys(Vault, new byte[32], new byte[32]);
        adjust?.Invoke(Options);
        for (int i = 0; i < nodes; i++)
        {
            Join();
        }
    }

    public static Digest Vault { get; } = Digest.Sha256("vault"u8);

    public VirtualTime Time { get; } = new();

    public VaultShape Shape { get; }

    public RepairOptions Options { get; } = new();

    public HashSet<NodeId> Gone { get; } = [];

    /// <summary>Whether a quorum of the log says what the epoch is.</summary>
    public bool HasQuorum { get; set; } = true;

    /// <summary>Fragments that count as part of the vault; null: all.</summary>
    public Func<StoredFragment, bool>? IsKept { get; set; }

    public IReadOnlyList<StorageHost> Hosts => [.. _hosts.Values];

    public IReadOnlyList<FragmentLabel> Written => _written;

    public StorageHost Join(IFragmentShelf? instead = null)
    {
        StorageHost host = new(new NodeId(Digest.Sha256([(byte)_hosts.Count])), Time) { Instead = instead };
        _hosts.Add(host.Id, host);
        _members.Add(host.Id);
        _epoch++;
        return host;
    }

    /// <summary>The node is to give up what it has.</summary>
    public void Drain(StorageHost host)
    {
        _members.Remove(host.Id);
        _leaving.Add(host.Id);
        _epoch++;
    }

    public void Evict(StorageHost host)
    {
        _members.Remove(host.Id);
        _leaving.Remove(host.Id);
        Gone.Remove(host.Id);
        host.IsDown = true;
        _epoch++;
    }

    /// <summary>The node is dead for longer than the grace.</summary>
    public void Kill(StorageHost host)
    {
        host.IsDown = true;
        Gone.Add(host.Id);
    }

    public void Revive(StorageHost host)
    {
        host.IsDown = false;
        Gone.Remove(host.Id);
    }

    public PlacementView View(NodeId self) => new(
        self,
        _epoch,
        new Placement(_members.Select(node => new StorageNode(node, "", 100))),
        new HashSet<NodeId>(Gone),
        [.. _leaving.Order()]);

    public async Task WriteAsync(int stripes, CancellationToken ct = default)
    {
        byte[] plaintext = new byte[stripes * Shape.StripeSizeBytes];
        Random.Shared.NextBytes(plaintext);
        NodeId any = _hosts.Keys.First();
        StorageNetwork network = new(View(any).Placement, node => _hosts[node], Time);
        using StripeScatter scatter = new(Shape, _keys, network, _buffers, SystemRandom.Instance, new ScatterOptions());
        await foreach (ScatteredStripe stripe in scatter.WriteAsync(new MemoryStream(plaintext), ct))
        {
            FragmentLabel first = _keys.LabelOf(stripe.Entry);
            _written.AddRange(Enumerable.Range(0, first.Siblings.Count).Select(first.Of));
        }
    }

    public RepairRound RoundOf(StorageHost host)
    {
        if (_rounds.TryGetValue(host.Id, out RepairRound? known))
        {
            return known;
        }

        PlacementView Current() => View(host.Id);
        FragmentPaths paths = new(
            host.Id, host.Kept, node => _hosts.GetValueOrDefault(node), Options.AnswerLimit, Time);
        ByteThrottle throttle = new(Options.BytesPerSecond, Time);
        SettledView settled = _settled[host.Id] =
            new(Current, _ => new ValueTask<bool>(HasQuorum), Options.SettleTime, Time);
        settled.Observe();
        RepairRound round = new(
            paths,
            new StripeCheck(paths),
            new StripeRebuild(paths, _buffers, throttle, host.Figures),
            new FragmentMove(paths, _buffers, throttle, settled, host.Figures),
            new RepairQueue(host.Figures),
            Current,
            own => IsKept?.Invoke(own) ?? true,
            Options,
            host.Figures,
            NullLogger.Instance);
        _rounds.Add(host.Id, round);
        return round;
    }

    /// <summary>The node begins anew, as after a crash.</summary>
    public void Restart(StorageHost host) => _rounds.Remove(host.Id);

    /// <summary>A round of one node.</summary>
    public Task<RoundResult> RepairAsync(StorageHost host, CancellationToken ct = default) =>
        RunAsync(RoundOf(host).RunAsync(null, View(host.Id), ct));

    /// <summary>
    /// A round of every node that runs, after the storage nodes have stayed the same for long enough.
    /// </summary>
    public async Task<RoundResult> RepairAllAsync()
    {
        foreach (StorageHost host in Hosts)
        {
            RoundOf(host);
            _settled[host.Id].Observe();
        }

        Time.Advance(Options.SettleTime);
        RoundResult sum = new(0, 0, true);
        foreach (StorageHost host in Hosts.Where(host => !host.IsDown))
        {
            RoundResult result = await RepairAsync(host);
            sum = new RoundResult(
                sum.Fragments + result.Fragments, sum.Open + result.Open, sum.IsWhole && result.IsWhole);
        }

        return sum;
    }

    /// <summary>Lets the clock go as far as the work waits for it.</summary>
    public async Task<T> RunAsync<T>(Task<T> work)
    {
        DateTime limit = DateTime.UtcNow.AddMinutes(10);
        while (!work.IsCompleted && DateTime.UtcNow < limit)
        {
            if (Time.UntilNext is { } wait)
            {
                Time.Advance(wait);
            }

            await Task.Yield();
        }

        return await work.WaitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>The nodes that run and have a fragment, whole.</summary>
    public async Task<List<NodeId>> HoldersOfAsync(FragmentLabel label)
    {
        List<NodeId> holders = [];
        byte[] bytes = new byte[label.Length];
        foreach (StorageHost host in Hosts.Where(host => !host.IsDown))
        {
            if (await host.Kept.GetAsync(label.Id, 0, bytes, default) == StoreStatus.Done)
            {
                holders.Add(host.Id);
            }
        }

        return holders;
    }

    /// <summary>Every fragment that was written is on exactly one node that runs, and where it belongs.</summary>
    public async Task AssertWholeAsync()
    {
        PlacementView view = View(_members.First());
        foreach (FragmentLabel label in _written)
        {
            NodeId? home = view.SeatsOf(label).Homes[label.Index];
            NodeId holder = Assert.Single(await HoldersOfAsync(label));
            Assert.Equal(home, holder);
        }
    }

    public void Dispose()
    {
        _keys.Dispose();
        Assert.Equal(0, _buffers.Figures.RentedBytes);
    }
}
