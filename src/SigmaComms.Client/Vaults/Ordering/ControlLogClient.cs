using Microsoft.Extensions.Logging;
using SigmaComms.Client.Links;
using SigmaComms.Client.Storage;
using SigmaComms.Client.Transparency;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Persistence.InMemory;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>
/// A device's way to the streams of vaults in its cluster's control log, with links of its own to the nodes. It needs
/// neither the identity's lock nor its disk. Safe to call from any thread.
/// </summary>
public sealed class ControlLogClient : IAsyncDisposable
{
    private readonly LinkedNodes _nodes;
    private readonly CommandQueue _queue;
    private readonly ControlCommandLog _log;
    private readonly VaultWitness _vaults;
    private readonly LogWitness _witness;
    private readonly InMemoryStore _heads;

    private ControlLogClient(
        LinkedNodes nodes,
        CommandQueue queue,
        ControlCommandLog log,
        LogWitness witness,
        InMemoryStore heads,
        StateInquiry inquiry,
        StorageLinks storage,
        ILogger logger)
    {
        (_nodes, _queue, _log, _witness, _heads) = (nodes, queue, log, witness, heads);
        Storage = storage;
        _vaults = new VaultWitness(inquiry);
        Log = new ProvenCommandLog(log, _vaults);
        Directory = new VaultDirectory(log, nodes);
        Quorum = new LogQuorum(_vaults, nodes, logger);
    }

    /// <summary>The streams as far as the validators certify them, and as this device writes to them.</summary>
    public ICommandLog Log { get; }

    /// <summary>Which vaults there are.</summary>
    public IVaultDirectory Directory { get; }

    /// <summary>Compares what several validators show of a stream.</summary>
    public LogQuorum Quorum { get; }

    /// <summary>The nodes that keep fragments, and links to them; closed with this.</summary>
    public StorageLinks Storage { get; }

    /// <summary>
    /// Whether where no quorum of validators answers it is enough what f + 1 of them certify, though it is perhaps not
    /// the newest. Default: no. Set before the first look.
    /// </summary>
    public bool MayBeBehind
    {
        get => _vaults.MayBeBehind;
        set => _vaults.MayBeBehind = value;
    }

    /// <summary>Whether something was shown that is perhaps not the newest.</summary>
    public bool IsBehind => _vaults.IsBehind;

    /// <summary>Why the last thing that could not be done could not, for people; empty if there was none.</summary>
    public string LastFailure =>
        new[] { _log.LastFailure, _vaults.LastFailure, _nodes.LastFailure }.FirstOrDefault(why => why.Length > 0) ?? "";

    /// <summary>Makes one; it connects when it is first used.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="device">The device's key; the caller's, and must outlive this.</param>
    /// <param name="dialer">Opens channels with that key; the caller's, and must outlive this.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Randomness.</param>
    /// <param name="logger">Where to log.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="ClientException">The cluster has no control log.</exception>
    public static async Task<ControlLogClient> OpenAsync(
        ClusterProfile cluster,
        MlDsa65SigningKey device,
        ILinkDialer dialer,
        TimeProvider time,
        IRandomSource random,
        ILogger logger,
        CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(device);
        LogAnchor anchor = cluster.Log ?? throw new ClientException(
            ClientFailure.Refused,
            "The cluster's file names no control log, and a vault's changes are ordered by one. Get the file of a "
            + "cluster that has one.");
        InMemoryStore heads = new(time);
        LogWitness witness = await LogWitness.OpenAsync(anchor, heads, logger, static _ => { }, ct);
        NodeConnector connector = new(dialer, cluster, time, random) { Witness = witness };
        LinkedNodes nodes = new(connector, new ReconnectPlan(cluster.Endpoints, random), time);
        CommandSigner signer = new(device, anchor.Cluster, time, random);
        CommandQueue queue = new(signer, new GroupDelivery(nodes, time));
        ControlCommandLog log = new(device.Id, nodes, queue, time);
        StateInquiry inquiry = new(witness, nodes);
        StorageLinks storage = new(
            connector, new StorageRoster(inquiry, nodes.StorageNodesAsync).AskAsync, time, random);
        return new ControlLogClient(nodes, queue, log, witness, heads, inquiry, storage, logger);
    }

    /// <summary>Closes the links; what is on its way has an unknown fate. May be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        await Storage.DisposeAsync();
        await _queue.DisposeAsync();
        await _nodes.DisposeAsync();
        await _witness.DisposeAsync();
        await _heads.DisposeAsync();
    }
}
