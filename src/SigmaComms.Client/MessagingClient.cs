using System.Runtime.CompilerServices;
using System.Text;
using SigmaComms.Actors;
using SigmaComms.Client.Attachments;
using SigmaComms.Client.Contacts;
using SigmaComms.Client.Links;
using SigmaComms.Client.Sessions;
using SigmaComms.Client.Storage;
using SigmaComms.Client.Transparency;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Client;

/// <summary>Sends and receives end-to-end encrypted messages and files in the name of one device.</summary>
/// <remarks>
/// Safe to call from any thread. All that it promises it keeps across a crash of this process. Only one process may
/// have an identity open: <see cref="OpenedIdentity"/> sees to that.
/// </remarks>
public sealed class MessagingClient : IAsyncDisposable
{
    /// <summary>The longest text in bytes of UTF-8: 60 KiB.</summary>
    public const int TextMaxBytes = Envelope.BodyMaxBytes;

    private const int UnstoredMax = 16_384;
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    private readonly MessagingClientOptions _options;
    private readonly ClientContext _context;
    private readonly ActorSystem _system;
    private readonly AttachmentTransfer _transfer;
    private readonly Lock _closing = new();
    private Task? _closed;
    private int _unstored;

    private MessagingClient(MessagingClientOptions options)
    {
        _options = options;
        var board = new LinkBoard(options.Time);
        var connector = new NodeConnector(options.Dialer, options.Cluster, options.Time, options.Random);
        _context = new ClientContext
        {
            Journal = options.Journal,
            Device = options.Device,
            Account = options.Account,
            Time = options.Time,
            Random = options.Random,
            Logger = options.Logger,
            Board = board,
            Connector = connector,
            Plan = new ReconnectPlan(options.Cluster.Endpoints, options.Random),
            PrekeyTarget = options.PrekeyTarget,
        };
        _context.Report = options.Report;
        Storage = new StorageLinks(connector, board, options.Time, options.Random);
        _transfer = new AttachmentTransfer(OpenStorageAsync, ExplainStorage, options.Random, options.Time);
        _system = new ActorSystem(
            "client", new ActorSystemOptions { Time = options.Time, Logger = options.Logger });
    }

    /// <summary>The nodes that keep fragments of vaults, and links to them; closed with the client.</summary>
    public StorageLinks Storage { get; }

    /// <summary>Ends when the directory has this account and its prekeys; fails if it refuses them for good.</summary>
    public Task Published => _context.Published.Task;

    /// <summary>Opens a client: reads what is stored, then begins to connect.</summary>
    /// <param name="options">What it is made of.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="ClientException">What is stored cannot be read.</exception>
    public static async Task<MessagingClient> OpenAsync(MessagingClientOptions options, CancellationToken ct)
    {
        options.Validate();
        var client = new MessagingClient(options);
        try
        {
            await client.OpenWitnessAsync(ct);
            client._system.ActorOf(Props.Create(() => new ClientActor(client._context)), "client");
            await client._context.Ready.Task.WaitAsync(ct);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until there is a link.</summary>
    /// <param name="timeout">How long at most.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="ClientException">There was none in time.</exception>
    public async Task WaitConnectedAsync(TimeSpan timeout, CancellationToken ct) =>
        await _context.Board.WaitAsync(timeout, ct);

    /// <summary>Sends a text. Messages to one recipient arrive in the order of the calls.</summary>
    /// <param name="to">The recipient's account name.</param>
    /// <param name="text">At most 60 KiB of UTF-8; may be empty.</param>
    /// <param name="ct">Stops waiting; the message may be sent nevertheless.</param>
    /// <returns>The message, once it is durable in the outbox of this machine.</returns>
    /// <exception cref="ClientException">It is not sent; the reason says why.</exception>
    public Task<MessageHandle> SendTextAsync(string to, string text, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(text);
        int sizeBytes = Encoding.UTF8.GetByteCount(text);
        if (sizeBytes > TextMaxBytes)
        {
            throw new ClientException(
                ClientFailure.TooLarge,
                $"The text has {sizeBytes} bytes; at most {TextMaxBytes} can be sent. Send it as a file instead.");
        }

        return SendAsync(to, EnvelopeKind.Text, Encoding.UTF8.GetBytes(text), ct);
    }

    /// <summary>Stores a file on the cluster, sealed, and sends the recipient the key to it.</summary>
    /// <param name="to">The recipient's account name.</param>
    /// <param name="path">The file.</param>
    /// <param name="progress">Told after each part; null for nobody.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The message, once it is durable in the outbox of this machine.</returns>
    /// <exception cref="ClientException">It is not sent; the reason says why.</exception>
    public async Task<MessageHandle> SendFileAsync(
        string to, string path, IProgress<AttachmentProgress>? progress, CancellationToken ct)
    {
        // An unknown recipient is noticed before the file is stored.
        await SafetyNumberAsync(to, ct);

        // Storage nodes take attachments of devices that the directory knows.
        await WaitPublishedAsync(ct);
        AttachmentDescriptor descriptor =
            await _transfer.UploadAsync(path, _options.AttachmentMaxBytes, progress, ct);
        return await SendAsync(to, EnvelopeKind.Attachment, descriptor.Encode(), ct);
    }

    /// <summary>Fetches an attachment. The file appears under its path whole and checked, or not at all.</summary>
    /// <param name="attachment">From an item.</param>
    /// <param name="path">Where to; must not exist.</param>
    /// <param name="progress">Told after each part; null for nobody.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="ClientException">There is no file; the reason says why.</exception>
    public Task DownloadAsync(
        AttachmentDescriptor attachment, string path, IProgress<AttachmentProgress>? progress, CancellationToken ct) =>
        _transfer.DownloadAsync(attachment, path, progress, ct);

    /// <summary>
    /// What came in: in order per sender's device, each once. An item that is not marked comes again when the client
    /// is opened the next time. One reader at a time.
    /// </summary>
    /// <param name="ct">Ends the reading.</param>
    public async IAsyncEnumerable<InboundItem> ReceiveAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (InboundItem item in _context.Inbound.ReadAllAsync(ct))
        {
            yield return item;
        }
    }

    /// <summary>The application has the item and will not need it again. Marking twice changes nothing.</summary>
    /// <param name="item">The item.</param>
    /// <returns>Ends when that is durable.</returns>
    public Task MarkDeliveredAsync(InboundItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        TaskCompletionSource durable = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Require(_context.Sessions.TryTell(
            new ToOpenSession(item.Key, new SessionInput.Mark(item.Counter, durable))));
        return durable.Task;
    }

    /// <summary>
    /// 60 digits to compare with the peer; of the new identity, if it has changed and is not accepted.
    /// </summary>
    /// <param name="peer">The peer's account name.</param>
    /// <param name="ct">Stops waiting.</param>
    /// <exception cref="ClientException">The peer is not known and cannot be looked up.</exception>
    public async Task<string> SafetyNumberAsync(string peer, CancellationToken ct) =>
        (await GetIdentityAsync(peer, ct)).SafetyNumber;

    /// <summary>Who is behind a name, for the user to look at and, if it has changed, to decide.</summary>
    /// <param name="peer">The peer's account name.</param>
    /// <param name="ct">Stops waiting.</param>
    /// <exception cref="ClientException">The peer is not known and cannot be looked up.</exception>
    public Task<PeerIdentity> GetIdentityAsync(string peer, CancellationToken ct)
    {
        TaskCompletionSource<PeerIdentity> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Require(_context.ContactKeeper.TryTell(new IdentityRequest(peer, answer)));
        return answer.Task.WaitAsync(ct);
    }

    /// <summary>Trusts a changed identity from now on: exactly the one that was shown.</summary>
    /// <param name="shown">What <see cref="GetIdentityAsync"/> gave and the user compared.</param>
    /// <param name="ct">Stops waiting.</param>
    /// <exception cref="ClientException">That identity does not wait to be accepted, or no more.</exception>
    public Task AcceptIdentityAsync(PeerIdentity shown, CancellationToken ct) => DecideAsync(shown, true, ct);

    /// <summary>
    /// Refuses a changed account key, exactly the one that was shown: the trusted one stays, and the other one is
    /// ignored from now on.
    /// </summary>
    /// <param name="shown">What <see cref="GetIdentityAsync"/> gave and the user compared.</param>
    /// <param name="ct">Stops waiting.</param>
    /// <exception cref="ClientException">That identity does not wait to be decided on, or no more.</exception>
    public Task RejectIdentityAsync(PeerIdentity shown, CancellationToken ct) => DecideAsync(shown, false, ct);

    /// <summary>How the client is doing.</summary>
    /// <param name="ct">Stops waiting.</param>
    public async Task<ClientStatus> GetStatusAsync(CancellationToken ct)
    {
        TaskCompletionSource<IReadOnlyList<ContactSummary>> contacts =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
        Require(_context.ContactKeeper.TryTell(new ListContacts(contacts)));
        NodeConnection? connection = _context.Board.Current;
        SessionDesk[] desks = [.. _context.Desks.Values];
        return new ClientStatus
        {
            Name = _options.Account.Name,
            Account = _options.Account.AccountId,
            Device = _options.Device.DeviceId,
            NodeName = connection?.Admission.Name,
            Endpoint = connection?.Endpoint,
            Handshake = connection?.Handshake,
            Failure = connection is null ? _context.Board.LastFailure : "",
            Connections = _context.Counters.Connections,
            Sent = _context.Counters.Sent,
            Accepted = _context.Counters.Accepted,
            Delivered = _context.Counters.Delivered,
            Received = _context.Counters.Received,
            Dropped = _context.Counters.Dropped,
            Unaccepted = desks.Sum(static desk => desk.Unaccepted),
            Undelivered = desks.Sum(static desk => desk.Undelivered),
            Unmarked = desks.Sum(static desk => desk.Unmarked),
            Log = LogOf(connection),
            Contacts = await contacts.Task.WaitAsync(ct),
        };
    }

    /// <summary>One node's view of the cluster.</summary>
    /// <param name="timeout">How long to wait for a link, and again for the answer.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="ClientException">No node answered.</exception>
    public Task<ClusterStatus> GetClusterStatusAsync(TimeSpan timeout, CancellationToken ct) =>
        _context.Board.AskAsync<ClusterStatus>(new GetClusterStatus(), timeout, null, ct);

    /// <summary>Ends the link and stops. What is in the outbox is sent when the client is opened again.</summary>
    public async ValueTask DisposeAsync()
    {
        Task closed;
        lock (_closing)
        {
            closed = _closed ??= CloseAsync();
        }

        await closed;
    }

    private Task<StorageNetwork> OpenStorageAsync(CancellationToken ct) =>
        Storage.OpenAsync(TransferPatience.StallMax, ct);

    private string ExplainStorage() => string.Join("; ", Storage.Nodes.Where(view => view.LastFailure.Length > 0)
        .Select(view => $"{view.Node.Name}: {view.LastFailure}"));

    private async Task WaitPublishedAsync(CancellationToken ct)
    {
        try
        {
            await Published.WaitAsync(TransferPatience.StallMax, _options.Time, ct);
        }
        catch (TimeoutException)
        {
            throw new ClientException(
                ClientFailure.Unavailable,
                $"The directory did not take this account within {TransferPatience.StallMax.TotalSeconds:F0} s, and "
                + "only known devices may send files. Check that the cluster runs (sigma cluster status).");
        }
    }

    private async Task OpenWitnessAsync(CancellationToken ct)
    {
        if (_options.Cluster.Log is { } anchor)
        {
            LogWitness witness = await LogWitness.OpenAsync(
                anchor, _options.Journal, _options.Logger, _options.Report, ct);
            _context.Witness = witness;
            _context.Connector.Witness = witness;
        }
    }

    private LogProofs? LogOf(NodeConnection? connection) => _context.Witness is not { } witness ? null : new LogProofs(
        witness.Head.Validators.Epoch.Value,
        witness.Head.Height.Value,
        witness.Head.Directory.HistoryCount,
        witness.Proven,
        witness.Refused,
        connection?.IsByLog == true);

    private async Task<MessageHandle> SendAsync(
        string to, EnvelopeKind kind, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        if (Interlocked.Increment(ref _unstored) > UnstoredMax)
        {
            Interlocked.Decrement(ref _unstored);
            throw new ClientException(
                ClientFailure.OutboxFull,
                $"{UnstoredMax} messages are being stored already. Await some of them first.");
        }

        try
        {
            var handle = new MessageHandle(Digest16.Random(_options.Random), to);
            Require(_context.ContactKeeper.TryTell(new SendRequest(handle, kind, body)));
            await handle.Stored.WaitAsync(ct);
            return handle;
        }
        finally
        {
            Interlocked.Decrement(ref _unstored);
        }
    }

    private Task DecideAsync(PeerIdentity shown, bool isAccepted, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(shown);
        TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Require(_context.ContactKeeper.TryTell(new IdentityDecision(shown, isAccepted, answer)));
        return answer.Task.WaitAsync(ct);
    }

    private void Require(SendResult told)
    {
        ObjectDisposedException.ThrowIf(_closed is not null, this);
        if (told != SendResult.Accepted)
        {
            throw new ClientException(ClientFailure.Closed, "The client is not running any more.");
        }
    }

    private async Task CloseAsync()
    {
        await _system.Terminate(StopGrace);
        await _system.DisposeAsync();
        await Storage.DisposeAsync();
        _context.Published.TrySetCanceled();
        _context.CloseInbound();
        _context.Prekeys.Dispose();
    }
}
