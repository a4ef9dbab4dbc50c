using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Client.Transparency;
using SigmaComms.Client.Vaults.Ordering;
using SigmaComms.Cluster.Tests.Control.Hosting;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Persistence.InMemory;
using SigmaComms.Vault;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Sealing;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Cluster.Tests.Control.Vaults;

/// <summary>A vault over the control log of the simulation; its devices share one secret.</summary>
internal sealed class SimVault
{
    private static readonly byte[] Secret = [.. Enumerable.Repeat((byte)7, 32)];

    private readonly ControlCluster _cluster;
    private readonly VaultHeader _header;
    private readonly MemorySnapshotStore _snapshots = new();

    public SimVault(ControlCluster cluster)
    {
        _cluster = cluster;
        (Owner, SimLogNodes nodes) = Open(1);
        OwnerNodes = nodes;
        Digest salt = Digest.Sha256("salt"u8);
        SeededRandom random = new(77);
        using SlotSecret secret = SlotSecret.Device(Secret);
        (_header, VaultKeyring keys) = new HeaderAuthor(nodes.Device.Key, random).Create(
            salt, VaultShape.DefaultFor(1), secret, default(Argon2Cost));
        keys.Dispose();
        Directory = new VaultDirectory(Owner, nodes);
        LogStatus made = Run(() => Directory.CreateAsync(salt, default));
        Assert.Equal(LogStatus.Done, made);
    }

    public ControlCommandLog Owner { get; }

    public SimLogNodes OwnerNodes { get; }

    public VaultDirectory Directory { get; }

    public Digest Id => _header.Vault;

    public (ControlCommandLog Log, SimLogNodes Nodes) Open(int client)
    {
        SimLogNodes nodes = new(_cluster.Cluster, client);
        TimeProvider time = _cluster.Cluster.Outside.Time;
        CommandSigner signer = new(
            nodes.Device.Key, _cluster.Genesis.Cluster, time, new SeededRandom(client));
        CommandQueue queue = new(signer, new GroupDelivery(nodes, time));
        return (new ControlCommandLog(nodes.Device.Id, nodes, queue, time), nodes);
    }

    /// <summary>The log as a client has it that believes nothing unproved.</summary>
    public ProvenCommandLog Prove(ControlCommandLog log, SimLogNodes nodes)
    {
        LogAnchor anchor = new(_cluster.Genesis.Cluster, _cluster.Genesis.Validators);
        LogWitness witness = _cluster.Cluster.Run(() => LogWitness.OpenAsync(
            anchor,
            new InMemoryStore(_cluster.Cluster.Outside.Time),
            NullLogger.Instance,
            static _ => { },
            CancellationToken.None));
        return new ProvenCommandLog(log, new VaultWitness(new StateInquiry(witness, nodes)));
    }

    public VaultSession Session(ICommandLog log, int seed) => VaultSession.Start(
        new VaultAccess(Id, log, Unlock, new SeededRandom(seed), _snapshots));

    public Task<CommitResult> PublishAsync(VaultSession session) => session.PublishAsync(_header, default).AsTask();

    /// <summary>Makes a file, and asks again until it is known whether it counts.</summary>
    public static async Task<CommitResult> MakeAsync(VaultSession session, string name)
    {
        VaultTransaction transaction = session.Begin();
        Assert.True(transaction.TryAdd(new NamespaceOperation.Make(
            NamespaceLimits.Root, EntryName.Of(name), session.NewInode(), FileKind.Regular, default, 0, 1)));
        CommitResult result = await session.CommitAsync(transaction, default);
        for (int i = 0; i < 20 && result.Status == CommitStatus.Unknown; i++)
        {
            result = await session.ResolveAsync(default);
        }

        return result;
    }

    public T Run<T>(Func<ValueTask<T>> work) => _cluster.Cluster.Run(() => work().AsTask(), seconds: 300);

    private static VaultKeyring? Unlock(VaultHeader header)
    {
        using SlotSecret secret = SlotSecret.Device(Secret);
        header.TryUnlock(secret, out VaultKeyring? keys);
        return keys;
    }
}
