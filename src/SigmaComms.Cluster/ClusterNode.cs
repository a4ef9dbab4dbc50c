using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SigmaComms.Actors;
using SigmaComms.Actors.Health;
using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Cluster.Disks;
using SigmaComms.Cluster.Health;
using SigmaComms.Cluster.Membership;
using SigmaComms.Cluster.Remoting;
using SigmaComms.Cluster.Sockets;
using SigmaComms.Cluster.Storage;
using SigmaComms.Cluster.Storage.Buckets;
using SigmaComms.Cluster.Storage.Doors;
using SigmaComms.Cluster.Storage.Volumes;
using SigmaComms.Cluster.Telemetry;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Channels;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence;
using SigmaComms.Persistence.Guarding;
using SigmaComms.Persistence.Sealing;
using SigmaComms.Persistence.Stripes;
using SigmaComms.Transport.Channels;

namespace SigmaComms.Cluster;

/// <summary>
/// One node of a cluster, whole: journal, sockets and the tree of actors. Start it once; it runs until it is stopped
/// or <see cref="Failed"/> says that it must be.
/// </summary>
public sealed class ClusterNode : IAsyncDisposable
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    private readonly ClusterNodeOptions _options;
    private readonly MlDsa65SigningKey _key;
    private readonly ILogger _logger;
    private readonly ILogger _healthLogger;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource<ClusterException> _failed =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Stack<Func<ValueTask>> _closing = new();
    private NodeContext? _context;
    private NodeParts? _parts;
    private ActorSystem? _system;
    private NodeObserver? _observer;
    private IActorRef? _root;
    private int _stopped;

    /// <summary>Makes a node; nothing is touched before <see cref="StartAsync(CancellationToken)"/>.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="key">The node's key; it stays the caller's, and must live as long as the node.</param>
    /// <param name="logger">Where the node writes its log.</param>
    /// <param name="healthLogger">Where actors' events and health go; null: to the log.</param>
    public ClusterNode(
        ClusterNodeOptions options, MlDsa65SigningKey key, ILogger logger, ILogger? healthLogger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(logger);
        _options = options;
        _key = key;
        _logger = logger;
        _healthLogger = healthLogger ?? logger;
    }

    /// <summary>
    /// Completes when the node takes part; faults with a <see cref="ClusterException"/> if it may not.
    /// </summary>
    public Task Ready => _ready.Task;

    /// <summary>Completes with the reason when the node must be stopped; never if it is stopped before.</summary>
    public Task<ClusterException> Failed => _failed.Task;

    /// <summary>Opens the journal, listens, and begins to join. See <see cref="Ready"/> for the rest.</summary>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="ClusterException">The node cannot start; the message says why and what to do.</exception>
    public async Task StartAsync(CancellationToken ct)
    {
        _options.Validate();
        try
        {
            await StartAsync(await OpenWorldAsync(ct), "node", ct);
        }
        catch (JournalException error)
        {
            await StopAsync();
            throw new ClusterException(
                error.Reason == JournalFailure.Locked && _options.PostgreSql is null
                    ? ClusterFailure.DataDirectoryInUse
                    : ClusterFailure.StorageFailed,
                $"the journal cannot be used: {error.Message}",
                error);
        }
        catch (Exception error) when (error is ClusterException or OperationCanceledException)
        {
            await StopAsync();
            throw;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await StopAsync();
            throw new ClusterException(
                ClusterFailure.StorageFailed,
                $"the folder {_options.DataDirectory} cannot be used: {error.Message}",
                error);
        }
    }

    /// <summary>This node's view of the cluster.</summary>
    /// <exception cref="InvalidOperationException">The node was not started.</exception>
    public ClusterStatus Status() => Parts().Router.Status();

    /// <summary>The actors of other nodes, and the names under which others find this node's.</summary>
    /// <exception cref="InvalidOperationException">The node was not started.</exception>
    public RemoteActors RemoteActors => (_context ?? throw NotStarted()).Remote;

    /// <summary>What answers for this node's fragments.</summary>
    internal StorageDoor StorageDoor => Parts().StorageDoor;

    /// <summary>The control log; null if this node has no part in one.</summary>
    /// <exception cref="InvalidOperationException">The node was not started.</exception>
    public ControlLog? Control => Parts().Control;

    /// <summary>The actors of the node, their state, depth, failures and restarts.</summary>
    /// <exception cref="InvalidOperationException">The node was not started.</exception>
    public TreeSnapshot Tree() => (_observer ?? throw NotStarted()).Tree();

    /// <summary>One verdict on the node with its reasons.</summary>
    /// <exception cref="InvalidOperationException">The node was not started.</exception>
    public HealthReport Report() => (_observer ?? throw NotStarted()).Report();

    /// <summary>How the node is at the moment.</summary>
    /// <exception cref="InvalidOperationException">The node was not started.</exception>
    public NodeHealth Health()
    {
        NodeContext node = _context ?? throw NotStarted();
        return new NodeHealth(
            _ready.Task.IsCompletedSuccessfully,
            node.Counters.IsStorageFailing,
            node.Counters.StorageFailures,
            node.View.UpCount,
            node.View.Count,
            node.Counters.Mailboxes,
            node.Counters.MailboxBytes,
            _parts?.Clients.Count ?? 0,
            node.Counters.StorageError)
        {
            Control = node.Control?.Board.Status,
            Storage = node.Storage?.Figures,
            RepairWaiting = node.Repairs.Queue,
            RepairOpen = node.Repairs.Open,
        };
    }

    /// <summary>Tells clients and peers, stops the actors, closes sockets and journal. May be called twice.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }

        while (_closing.TryPop(out Func<ValueTask>? close))
        {
            await close();
        }

        _ready.TrySetCanceled();
        _logger.NodeStopped(_key.Id.Short);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    internal async Task StartAsync(NodeBoundaries world, string name, CancellationToken ct)
    {
        _system = world.System;
        DateTimeOffset now = world.Time.GetUtcNow();
        OperatorSignedAdmissions documents = new(
            _options.Cluster, _options.OperatorPublicKey, takesOwnWord: _options.Control is not null);
        NodeAdmission admission = JudgeOwn(documents, now);
        var store = new GuardedStore(world.Journal, world.Snapshots);
        MemberStore members = await MemberStore.OpenAsync(store, now, ct);
        NodeAnnouncement announcement = NodeAnnouncement.Sign(
            _key,
            _options.Cluster,
            members.Incarnation,
            [_options.Advertise ?? _options.Listen!],
            now,
            world.Random);
        var meter = new NodeMeter();
        var self = new Member(admission, announcement, MemberState.Up, members.Incarnation);
        _context = new NodeContext
        {
            Options = _options,
            Key = _key,
            Admission = admission,
            Incarnation = members.Incarnation,
            Authority = _options.Control is null ? documents : LedgerOver(documents),
            Views = new ViewSource(new ClusterView(
                self.Id, ImmutableSortedDictionary<Cryptography.NodeId, Member>.Empty.Add(self.Id, self))
            {
                Membership = documents.ViewOf([self.Id]),
            }),
            Journal = new MeteredJournal(store, meter, world.Time),
            Meter = meter,
            Snapshots = store,
            Dialer = world.Dialer,
            Time = world.Time,
            Random = world.Random,
            Logger = _logger,
            Remote = new RemoteActors(world.System, members.Incarnation, _options.Messages),
            Fail = Fail,
            Fragments = _options.Fragments ?? world.Bucket,
            OpenStripeBook = world.OpenStripeBook,
        };
        if (_options.Control is { } control && world.Control is { } boundaries)
        {
            _context.Control = new ControlDesk(_context, control, boundaries);
        }

        if (world.Storage is { } storage)
        {
            StorageDesk desk = new(
                _options.Storage, storage, VolumeKey.Of(_key), world.Time, world.Random, _logger);
            _context.Storage = desk;
            _closing.Push(() =>
            {
                desk.Dispose();
                return ValueTask.CompletedTask;
            });
        }

        await StartTreeAsync(world, name, store, members, announcement, ct);
        _logger.NodeListens(_key.Id.Short, _options.Listen!.ToString(), members.Incarnation);
    }

    private async Task StartTreeAsync(
        NodeBoundaries world,
        string name,
        GuardedStore store,
        MemberStore members,
        NodeAnnouncement announcement,
        CancellationToken ct)
    {
        var parts = new TaskCompletionSource<NodeParts>(TaskCreationOptions.RunContinuationsAsynchronously);
        var joined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        NodeContext node = _context!;
        NodeObserver observer = new(node, world.System, $"/user/{name}", Health, _healthLogger);
        _observer = observer;
        _closing.Push(() =>
        {
            observer.Dispose();
            return ValueTask.CompletedTask;
        });

        // Listen before the tree stands: a port in use must be known before the node announces itself.
        await world.Listener.StartAsync(
            async channel => await (await parts.Task).Acceptor.ServeAsync(channel), ct);
        _root = world.System.ActorOf(
            Props.Create(() => new NodeSupervisor(node, observer, store, members, announcement, parts, joined)), name);
        _closing.Push(async () =>
        {
            _root.Tell(new NodeSupervisor.StopParts());
            world.System.Stop(_root);
            await ValueTask.CompletedTask;
        });
        _parts = await parts.Task;
        _closing.Push(async () => await _parts.Clients.DisposeAsync());
        _ = BecomeReadyAsync(joined.Task);
    }

    private async Task BecomeReadyAsync(Task joined)
    {
        await joined;
        _ready.TrySetResult();
    }

    private LedgerAdmissions LedgerOver(OperatorSignedAdmissions documents) => new(
        documents,
        () => Board().Reading,
        () => Board().Status.State == ControlState.Running);

    private ControlBoard Board() => _context?.Control?.Board ?? throw NotStarted();

    private NodeAdmission JudgeOwn(OperatorSignedAdmissions authority, DateTimeOffset now)
    {
        AdmissionDecision decision = authority.Judge(_options.Admission, _key.Id, now);
        if (decision.Refusal is not { } refusal)
        {
            return decision.Admission!;
        }

        throw new ClusterException(
            refusal.Reason switch
            {
                RefusalReason.WrongCluster => ClusterFailure.WrongCluster,
                RefusalReason.AdmissionExpired => ClusterFailure.AdmissionExpired,
                _ => ClusterFailure.NotAdmitted,
            },
            $"this node may not take part: {refusal.Detail}");
    }

    private async ValueTask<NodeBoundaries> OpenWorldAsync(CancellationToken ct)
    {
        if (OperatingSystem.IsWindows())
        {
            System.IO.Directory.CreateDirectory(_options.DataDirectory);
        }
        else
        {
            System.IO.Directory.CreateDirectory(
                _options.DataDirectory,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        SealedStore store = await NodeStore.OpenAsync(_options, _key, ct);
        _closing.Push(store.DisposeAsync);
        SecureChannelOptions channel = ChannelOptions();
        var dialer = new SocketLinkDialer(channel, _logger);
        _closing.Push(() =>
        {
            dialer.Dispose();
            return ValueTask.CompletedTask;
        });
        var listener = new KestrelLinkListener(
            _options.Listen!, new SecureChannelServerOptions { Channel = channel }, _logger);
        var system = new ActorSystem("sigma", new ActorSystemOptions { Logger = _logger });
        _closing.Push(async () => await system.Terminate(StopGrace));
        _closing.Push(listener.DisposeAsync);
        return new NodeBoundaries(
            listener, dialer, store, store, system, TimeProvider.System, SystemRandom.Instance)
        {
            Control = new ControlBoundaries(
                () => new FolderDisk(Path.Combine(_options.DataDirectory, ControlOptions.FolderName))),
            Storage = _options.Bucket is null
                ? StorageBoundaries.Of(Path.Combine(_options.DataDirectory, StorageOptions.FolderName))
                : null,
            OpenStripeBook = () => SqliteStripeBook.Open(Path.Combine(_options.DataDirectory, "stripes.db")),
            Bucket = _options.Bucket is { } bucket ? OpenBucket(bucket) : null,
        };
    }

    // A method of its own: a node without a bucket does not load the S3 client.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private BucketShelf OpenBucket(BucketOptions options)
    {
        BucketFragmentStore store = new(
            options, ObjectSealer.Of(_key, SystemRandom.Instance), TimeProvider.System, _logger);
        _closing.Push(() =>
        {
            store.Dispose();
            return ValueTask.CompletedTask;
        });
        return new BucketShelf(store, TimeProvider.System);
    }

    /// <summary>
    /// The certificate lives longer than the admission, without which it opens no door: so it never ends while the node
    /// runs, and a renewed admission, which needs a restart, brings a new one.
    /// </summary>
    internal static DateTimeOffset CertificateEnd(ReadOnlyMemory<byte> admission, DateTimeOffset now)
    {
        DateTimeOffset atLeast = now.AddDays(366);
        return NodeAdmission.TryDecode(admission, out NodeAdmission? decoded)
            && decoded!.NotAfter < DateTimeOffset.MaxValue.AddDays(-2) && decoded.NotAfter.AddDays(1) > atLeast
            ? decoded.NotAfter.AddDays(1)
            : atLeast;
    }

    private SecureChannelOptions ChannelOptions()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        byte[] seed = _key.ExportSeed();
        try
        {
            var identity = TlsIdentity.Create(
                new MlDsa65SigningKey(seed),
                _key.Id.Short,
                now.AddDays(-1),
                CertificateEnd(_options.Admission, now),
                SystemRandom.Instance);
            _closing.Push(() =>
            {
                identity.Dispose();
                return ValueTask.CompletedTask;
            });
            return new SecureChannelOptions { Identity = identity };
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(seed);
        }
    }

    private void Fail(ClusterException reason)
    {
        if (_failed.TrySetResult(reason))
        {
            _logger.NodeFailed(_key.Id.Short, reason.Message);
            _ready.TrySetException(reason);
        }
    }

    private NodeParts Parts() => _parts ?? throw NotStarted();

    private static InvalidOperationException NotStarted() => new("The node was not started.");
}
