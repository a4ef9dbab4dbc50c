using SigmaComms.Actors;
using SigmaComms.Client.Sessions;
using SigmaComms.Client.Transparency;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Links;

/// <summary>
/// Keeps one link to any node: connects down the list, subscribes to the mailbox, pings, and moves on when the link
/// drops or the node does not answer in time.
/// </summary>
internal sealed class LinkActor : ReceiveActor
{
    private const int InboundMax = 256;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PingPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReplacedWait = TimeSpan.FromSeconds(10);

    private readonly ClientContext _client;
    private readonly AdaptiveTimeout _timeout = new();
    private NodeConnection? _connection;
    private bool _pinging;
    private bool _isQuiet;

    /// <summary>Made by its supervisor, again at each restart.</summary>
    public LinkActor(ClientContext client)
    {
        _client = client;
        Receive<StartLink>(_ => OnStart());
        Receive<ConnectDue>(_ => Connect());
        Receive<Connected>(OnConnected);
        Receive<ConnectFailed>(failed => Retry(failed.Error));
        Receive<Dropped>(OnDropped);
        Receive<PingDue>(_ => Ping());
        Receive<Ponged>(OnPonged);
        Receive<ReplacedByOther>(OnReplaced);
        Receive<StatusLearned>(learned => _client.Plan.Learn(learned.Endpoints));
        Receive<ResubscribeWanted>(_ => Resubscribe());
        Receive<LogChecked>(OnLogChecked);
        Receive<Ignored>(static _ => { });
    }

    /// <inheritdoc/>
    protected override ValueTask PreStart()
    {
        if (_client.MayConnect)
        {
            Connect();
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override ValueTask PostStop()
    {
        _isQuiet = true;
        Leave("the client is closing");
        return ValueTask.CompletedTask;
    }

    private void OnStart()
    {
        _client.MayConnect = true;
        Connect();
    }

    private void Connect()
    {
        Context.PipeToSelf(
            ConnectAsync(_client.Plan.Current, Self, Context.StopToken),
            static connection => new Connected(connection),
            static error => new ConnectFailed(error));
    }

    private async Task<NodeConnection> ConnectAsync(string endpoint, IActorRef self, CancellationToken stop)
    {
        using var late = new CancellationTokenSource(ConnectTimeout, _client.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);

        // Each link has a gate of its own: what an abandoned link left behind takes no place of the next one.
        var gate = new SemaphoreSlim(InboundMax);
        NodeConnection connection = await _client.Connector.ConnectAsync(
            endpoint, Lane.Bulk, message => OnPushAsync(message, gate, self, stop), either.Token);
        try
        {
            await connection.Link.RequestAsync<Done>(
                new Subscribe(_client.Device.DeviceId), RequestTimeout, either.Token);
            return connection;
        }
        catch
        {
            connection.Link.Abort("the subscription failed");
            throw;
        }
    }

    private async ValueTask OnPushAsync(LinkMessage message, SemaphoreSlim gate, IActorRef self, CancellationToken stop)
    {
        switch (message)
        {
            case Delivery delivery:
                // Later pushes of the link wait for this one; the node's window bounds how many there can be.
                await gate.WaitAsync(stop);
                _client.ContactKeeper.Tell(
                    new InboundMessage(delivery.MessageId, delivery.Sender, delivery.Blob, gate));
                break;
            case Replaced:
                self.Tell(new ReplacedByOther());
                break;
        }
    }

    private void OnConnected(Connected connected)
    {
        _connection = connected.Connection;
        _client.Plan.Succeeded();
        bool first = _client.Counters.CountConnection() == 1;
        _client.Logger.Connected(_connection.Admission.Name, _connection.Endpoint);

        // Told before others can use the link: what comes of it is told later than the link itself.
        Report(first ? ClientEventKind.Connected : ClientEventKind.FailedOver, _connection, _connection.Endpoint);
        _isQuiet = false;
        _client.Board.Set(_connection);
        NodeConnection watched = _connection;
        Context.PipeToSelf(
            watched.Link.Closed,
            closed => new Dropped(watched, closed.Detail),
            error => new Dropped(watched, error.Message));
        _pinging = false;
        Context.Timers.StartPeriodic(nameof(PingDue), new PingDue(), PingPeriod);
        Context.PipeToSelf(
            watched.Link.RequestAsync<ClusterStatus>(
                new GetClusterStatus(), RequestTimeout, Context.StopToken).AsTask(),
            static status => new StatusLearned([.. status.Members.Select(static member => member.Endpoint)]),
            static _ => new Ignored());
        CheckLog(watched);
        Context.Parent.Tell(new LinkUp());
    }

    /// <summary>What the log has of the own name and of the node, at each connection.</summary>
    private void CheckLog(NodeConnection connection)
    {
        if (_client.Witness is { } witness)
        {
            Context.PipeToSelf(
                witness.AskAsync(
                    connection.Link, connection.Admission.Name, _client.Account.Name, connection.Admission.Node,
                    Context.StopToken),
                finding => new LogChecked(connection, finding),
                static _ => new LogChecked(null, null));
        }
    }

    private void OnLogChecked(LogChecked told)
    {
        if (told is not { Connection: { } connection, Finding: { IsProven: true } finding })
        {
            return;
        }

        if (finding.Record is { } listed && OwnKeys.Difference(_client.Account, listed) is { } difference)
        {
            _client.Logger.OwnKeysDiffer(difference);
            _client.Report(new ClientEvent(ClientEventKind.OwnKeysDiffer, _client.Account.Name, difference));
        }

        if (finding.Objection is { } objection)
        {
            _client.Connector.TurnOut(connection.Admission.Node, objection);
            OnDropped(new Dropped(connection, $"the node does not belong to the cluster: {objection}"));
        }
    }

    private void Ping()
    {
        if (_pinging || _connection is null)
        {
            return;
        }

        _pinging = true;
        NodeConnection pinged = _connection;
        long sent = _client.Time.GetTimestamp();
        Context.PipeToSelf(
            pinged.Link.RequestAsync(new Ping(), _timeout.Current, Context.StopToken).AsTask(),
            _ => new Ponged(pinged, _client.Time.GetElapsedTime(sent)),
            error => new Dropped(pinged, $"no answer to a ping: {error.Message}"));
    }

    private void OnPonged(Ponged ponged)
    {
        _timeout.Add(ponged.RoundTrip);
        _pinging = !ReferenceEquals(ponged.Connection, _connection) && _pinging;
    }

    private void OnDropped(Dropped dropped)
    {
        if (!ReferenceEquals(dropped.Connection, _connection))
        {
            return;
        }

        Leave(dropped.Reason);
        Schedule(_client.Plan.Failed());
    }

    private void OnReplaced(ReplacedByOther replaced)
    {
        const string reason = "another process of this identity took the mailbox over";
        if (_connection is null)
        {
            return;
        }

        _client.Logger.MailboxReplaced();
        _client.Report(new ClientEvent(ClientEventKind.Replaced, _connection.Admission.Name, reason));
        Leave(reason);
        _client.Plan.Failed();
        Schedule(ReplacedWait);
    }

    private void Retry(Exception error)
    {
        _isQuiet = false;
        _client.Logger.ConnectFailed(_client.Plan.Current, error.Message);
        _client.Board.Clear($"{_client.Plan.Current}: {error.Message}");
        Schedule(_client.Plan.Failed());
    }

    private void Schedule(TimeSpan delay) =>
        Context.Timers.StartSingle(nameof(ConnectDue), new ConnectDue(), delay);

    private void Leave(string reason)
    {
        Context.Timers.Cancel(nameof(PingDue));
        if (_connection is not { } left)
        {
            return;
        }

        _connection = null;
        _client.Board.Clear(reason);
        left.Link.Abort(reason);
        _client.Logger.Disconnected(left.Endpoint, reason);
        Report(ClientEventKind.Disconnected, left, reason);
        Context.Parent.Tell(new LinkDown());
    }

    private void Report(ClientEventKind kind, NodeConnection connection, string detail)
    {
        if (!_isQuiet)
        {
            _client.Report(new ClientEvent(kind, connection.Admission.Name, detail));
        }
    }

    private void Resubscribe()
    {
        // A new link to the same node: to the cluster a second subscription on this one would look like another
        // process that takes the mailbox over.
        if (_connection is not null)
        {
            _isQuiet = true;
            Leave("the mailbox is asked again");
            Connect();
        }
    }

    private sealed record ConnectDue;

    private sealed record Connected(NodeConnection Connection);

    private sealed record ConnectFailed(Exception Error);

    private sealed record Dropped(NodeConnection Connection, string Reason);

    private sealed record PingDue;

    private sealed record Ponged(NodeConnection Connection, TimeSpan RoundTrip);

    private sealed record ReplacedByOther;

    private sealed record StatusLearned(IReadOnlyList<string> Endpoints);

    private sealed record LogChecked(NodeConnection? Connection, ProofFinding? Finding);

    private sealed record Ignored;
}
