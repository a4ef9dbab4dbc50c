using System.Collections.Concurrent;
using SigmaComms.Actors.TestKit;
using SigmaComms.Client.Identity;
using SigmaComms.Client.Vaults;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence.Tests;
using SigmaComms.Vault;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Client.Tests.Vaults;

/// <summary>A pretended cluster of storage nodes and logs, and the machines of people who have vaults on it.</summary>
internal sealed class VaultWorld : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<VaultIdentity> _identities = [];
    private readonly Dictionary<NodeId, WorldNode> _nodes = [];
    private long _points;

    public VaultWorld(int nodes = 6)
    {
        for (int i = 0; i < nodes; i++)
        {
            _nodes.Add(NodeIdOf(i), new WorldNode(this));
        }
    }

    public static VaultShape SmallShape { get; } = new(4, 2, VaultShape.StripeSizeMinBytes);

    public VirtualTime Time { get; } = new();

    public ConcurrentDictionary<Digest, MemoryVault> Logs { get; } = [];

    public IReadOnlyList<VaultIdentity> Identities => _identities;

    /// <summary>How many entries a reading gives at the most; null: all.</summary>
    public int? PageSize { get; set; }

    /// <summary>At which call the process is killed; 0: never.</summary>
    public long BreaksAt { get; set; }

    /// <summary>How many calls there were.</summary>
    public long Points => Volatile.Read(ref _points);

    /// <summary>The log of the last client that was made.</summary>
    public WorldLog LastLog { get; private set; } = null!;

    public WorldNode Node(int index) => _nodes[NodeIdOf(index)];

    /// <summary>Exchanges what two nodes have, as if a former membership had placed it.</summary>
    public void Rename(int one, int other) =>
        (Node(one).Store, Node(other).Store) = (Node(other).Store, Node(one).Store);

    public int FragmentCount => _nodes.Values.Sum(node => node.Store.Count);

    /// <summary>Counts a call, and breaks at the one that was asked for and all after it.</summary>
    public void Point(string what)
    {
        long point = Interlocked.Increment(ref _points);
        if (BreaksAt > 0 && point >= BreaksAt)
        {
            throw new WorldBrokenException($"{what}, call {point}");
        }
    }

    /// <summary>Lets the world go on.</summary>
    public void Mend()
    {
        BreaksAt = 0;
        Volatile.Write(ref _points, 0);
    }

    public VaultIdentity NewIdentity(string name)
    {
        using AccountSecrets secrets = AccountSecrets.Generate(
            name, new ClusterId(new Digest16(new byte[16])), SystemRandom.Instance);
        VaultIdentity identity = VaultIdentity.Of(new IdentityFolder(Path.Combine(_folder.Path, name)), secrets);
        _identities.Add(identity);
        return identity;
    }

    public VaultClientOptions OptionsOf(VaultIdentity identity)
    {
        Placement placement = new(_nodes.Keys.Select(node => new StorageNode(node, "", 100)));
        return new VaultClientOptions
        {
            Identity = identity,
            Directory = new MemoryVaultDirectory(this, identity.Device.Id),
            Log = LastLog = new WorldLog(this, identity.Device.Id),
            Storage = new StorageNetwork(placement, node => _nodes.GetValueOrDefault(node), Time),
            Time = Time,
            Cost = new Argon2Cost(1, 1),
        };
    }

    public VaultClient ClientOf(VaultIdentity identity, Action<VaultClientOptions>? adjust = null)
    {
        VaultClientOptions options = OptionsOf(identity);
        adjust?.Invoke(options);
        return new VaultClient(options);
    }

    /// <summary>A vault of a new identity, opened by its device.</summary>
    public async Task<OpenedVault> NewVaultAsync(Action<VaultClientOptions>? adjust = null, VaultShape? shape = null)
    {
        using VaultSecret device = VaultSecret.OfDevice();
        return await ClientOf(NewIdentity("ann"), adjust).CreateAsync("home", device, shape ?? SmallShape, default);
    }

    /// <summary>The same vault as its device sees it after a restart.</summary>
    public async Task<OpenedVault> ReopenAsync(Action<VaultClientOptions>? adjust = null)
    {
        using VaultSecret device = VaultSecret.OfDevice();
        return await ClientOf(_identities[0], adjust).OpenAsync("home", device, default);
    }

    private static NodeId NodeIdOf(int index) => new(Digest.Sha256([(byte)index]));

    public void Dispose()
    {
        foreach (VaultIdentity identity in _identities)
        {
            identity.Dispose();
        }

        _folder.Dispose();
    }
}
