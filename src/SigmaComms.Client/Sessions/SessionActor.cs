using SigmaComms.Actors;
using SigmaComms.Client.Contacts;
using SigmaComms.Client.Links;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;
using SigmaComms.Messaging.Sessions;
using SigmaComms.Persistence;

namespace SigmaComms.Client.Sessions;

/// <summary>
/// Hosts one conversation: while a commit is under way inputs gather, and the next commit takes them all. Nothing
/// leaves before it is durable. A failure of any kind ends in a restart from what is stored, never from memory.
/// </summary>
#pragma warning disable CA1001 // The runtime ends an actor through PostStop and PreRestart, which dispose it all.
internal sealed class SessionActor : ReceiveActor
#pragma warning restore CA1001
{
    private const int BatchMax = 256;
    private const int DepositWindow = 64;
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReceiptSoon = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan ReceiptPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan RetryFirst = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryLast = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReopenPeriod = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ReopenAge = TimeSpan.FromHours(1);

    private readonly ClientContext _client;
    private readonly RemoteDevice _remote;
    private readonly string _peer;
    private readonly ConversationKey _key;
    private readonly SessionDesk _desk;
    private readonly Conversation _conversation;
    private CommitLog? _log;
    private IReadOnlyList<ConversationEffect> _effects = [];
    private PrekeyBundle? _bundle;
    private bool _committing;
    private bool _fetchingBundle;
    private int _refusals;
    private long _lastReceipt;

    /// <summary>Made by its supervisor, again at each restart.</summary>
    public SessionActor(ClientContext client, RemoteDevice remote, string peer, SessionDesk desk)
    {
        _client = client;
        _remote = remote;
        _peer = peer;
        _key = new ConversationKey(remote.AccountId, remote.DeviceId);
        _desk = desk;
        _conversation = new Conversation(client.Device, remote);
        Receive<SessionInput>(OnInput);
        Receive<CommitDone>(done => ReferenceEquals(done.Owner, this), _ => OnCommitted());
        Receive<CommitBroken>(broken => ReferenceEquals(broken.Owner, this), OnCommitBroken);
        Receive<CommitDone>(static _ => { });
        Receive<CommitBroken>(static _ => { });
        Receive<DepositOutcome>(OnDeposit);
        Receive<BundleOutcome>(OnBundle);
        Receive<LinkUp>(_ => OnLinkUp());
        Receive<LinkDown>(_ => _conversation.Outbox.LinkLost());
        Receive<RetryDue>(_ => DepositNext());
        Receive<ReopenDue>(_ => OnReopen());
        Receive<Ignored>(static _ => { });
    }

    /// <inheritdoc/>
    protected override async ValueTask PreStart()
    {
        (_log, IReadOnlyList<byte[]> commits) = await CommitLog.OpenAsync(
            _client.Journal, _client.StreamOf(_key), Context.StopToken);
        foreach (byte[] commit in commits)
        {
            IReadOnlyList<ConversationChange>? changes = ChangeCodec.Read(commit);
            Invariant.Holds(changes is not null);
            _conversation.Recover(changes);
        }

        Context.Timers.StartPeriodic(nameof(ReopenDue), new ReopenDue(), ReopenPeriod);
        Perform(_conversation.RecoveredEffects());
        Continue();
    }

    /// <inheritdoc/>
    protected override ValueTask PreRestart(Exception reason, object? message)
    {
        _conversation.Dispose();
        if (_desk.AtWork is { } poison)
        {
            _client.Logger.InputFailed(reason, poison.GetType().Name);
            SessionDesk.Fail(poison, new ClientException(
                ClientFailure.Protocol, "The message could not be handled; this is a bug, see the log.", reason));
        }

        _desk.PutBack();
        _desk.AtWork = null;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override ValueTask PostStop()
    {
        _conversation.Dispose();
        _desk.FailAll(new ClientException(
            ClientFailure.Closed, "The client was closed; what is in the outbox is sent when it is opened again."));
        return ValueTask.CompletedTask;
    }

    private void OnInput(SessionInput input)
    {
        _desk.Waiting.AddLast(input);
        HandleWaiting();
    }

    private void HandleWaiting()
    {
        if (_committing || _desk.Waiting.Count == 0)
        {
            return;
        }

        var postponed = new List<SessionInput>();
        while (_desk.Committing.Count < BatchMax && _desk.Waiting.First is { } first)
        {
            _desk.Waiting.RemoveFirst();
            _desk.AtWork = first.Value;
            _desk.Committing.Add(first.Value);
            if (!Handle(first.Value))
            {
                _desk.Committing.RemoveAt(_desk.Committing.Count - 1);
                postponed.Add(first.Value);
            }
        }

        _desk.AtWork = null;
        for (int i = postponed.Count - 1; i >= 0; i--)
        {
            _desk.Waiting.AddFirst(postponed[i]);
        }

        Commit();
    }

    private void Commit()
    {
        (byte[]? commit, IReadOnlyList<ConversationEffect> effects) = _conversation.TakeCommit();
        if (commit is null)
        {
            Finish(effects);
            return;
        }

        _effects = effects;
        Store(_log!.AppendAsync(commit, CancellationToken.None));
    }

    private void Store(Task append)
    {
        _committing = true;
        Context.PipeToSelf(
            Completed(append), _ => new CommitDone(this), error => new CommitBroken(this, error));
    }

    private void OnCommitted()
    {
        _committing = false;
        IReadOnlyList<ConversationEffect> effects = _effects;
        _effects = [];
        Finish(effects);
        if (_log!.WantsCompaction)
        {
            Store(_log.CompactAsync(_conversation.EncodeWhole(), CancellationToken.None));
            return;
        }

        HandleWaiting();
    }

    private void OnCommitBroken(CommitBroken broken)
    {
        if (broken.Error is JournalException failed)
        {
            // Nothing was stored, so the senders can be told, and the mailbox still has what came in.
            _desk.AtWork = null;
            foreach (SessionInput input in _desk.Committing)
            {
                SessionDesk.Fail(input, new ClientException(
                    ClientFailure.Disk, $"Nothing could be stored, so nothing was sent: {failed.Message}", failed));
            }

            _desk.Committing.Clear();
            _desk.TurnedAway = true;
        }

        throw new InvalidOperationException(
            "The journal did not confirm; starting again from what is stored.", broken.Error);
    }

    private void Finish(IReadOnlyList<ConversationEffect> effects)
    {
        Perform(effects);
        foreach (SessionInput input in _desk.Committing)
        {
            switch (input)
            {
                case SessionInput.Receive receive:
                    receive.Message.Release();
                    break;
                case SessionInput.Mark mark:
                    mark.Durable.TrySetResult();
                    break;
            }
        }

        _desk.Committing.Clear();
        Continue();
    }

    private void Continue()
    {
        _desk.Unaccepted = _conversation.Outbox.Unaccepted;
        _desk.Undelivered = _conversation.Outbox.Count;
        _desk.Unmarked = _conversation.Inbox.Ready.Count;
        DepositNext();
        if (_conversation.ReceiptDue && !Context.Timers.IsActive(nameof(SessionInput.SealReceipt)))
        {
            // Soon after a quiet time, seldom in a burst: one receipt confirms everything before it.
            bool quiet = _client.Time.GetElapsedTime(_lastReceipt) > ReceiptPause;
            Context.Timers.StartSingle(
                nameof(SessionInput.SealReceipt), new SessionInput.SealReceipt(), quiet ? ReceiptSoon : ReceiptPause);
        }

        bool mayTake = _conversation.Inbox.HasAmpleRoom && _conversation.Phase != SessionPhase.IdentityChanged;
        if (_desk.TurnedAway && mayTake)
        {
            _desk.TurnedAway = false;
            _client.Link.Tell(new ResubscribeWanted());
        }
    }

    /// <returns>False if the input has to wait for a bundle.</returns>
    private bool Handle(SessionInput input)
    {
        DateTimeOffset now = _client.Time.GetUtcNow();
        switch (input)
        {
            case SessionInput.Send send:
                return HandleSend(send, now);
            case SessionInput.Receive receive:
                ReceiveStatus status = _conversation.Receive(
                    receive.Message.Id, receive.Message.Sealed.Span, _client.Prekeys, now, _client.Random);
                _desk.TurnedAway |= status == ReceiveStatus.TurnedAway;
                if (status == ReceiveStatus.Dropped)
                {
                    _client.Counters.CountDropped();
                    _client.Logger.MessageDropped(_key.Device.Short);
                }

                return true;
            case SessionInput.Mark mark:
                _conversation.Mark(mark.Counter);
                return true;
            case SessionInput.DepositDone done:
                _conversation.DepositDone(done.Id, now);
                return true;
            case SessionInput.PrekeysForgotten:
                _conversation.PrekeysForgotten();
                return true;
            case SessionInput.SealReceipt:
                _lastReceipt = _client.Time.GetTimestamp();
                _conversation.SealReceipt(Digest16.Random(_client.Random), now, _client.Random);
                return true;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private bool HandleSend(SessionInput.Send send, DateTimeOffset now)
    {
        SendStatus status = _conversation.Send(send.Id, send.Kind, send.Body, _bundle, now, _client.Random);
        switch (status)
        {
            case SendStatus.Sealed or SendStatus.Known:
                // A bundle is for one session; once there is one, it is not needed any more.
                _bundle = null;
                _desk.Parts[send.Id] = send.Part;
                return true;
            case SendStatus.NeedsBundle:
                FetchBundle();
                return false;
            case SendStatus.BundleRejected:
                _bundle = null;
                send.Part.Fail(new ClientException(
                    ClientFailure.NotAuthentic,
                    $"The prekeys that the cluster gave for {_peer} are not signed by that device, or are too old. "
                    + "Ask the recipient to come on line once, then try again."));
                return true;
            case SendStatus.IdentityChanged:
                send.Part.Fail(IdentityChanged.Of(_peer));
                return true;
            default:
                send.Part.Fail(new ClientException(
                    ClientFailure.OutboxFull,
                    $"{_conversation.Outbox.Count} messages to {_peer} wait already. Wait until some are delivered."));
                return true;
        }
    }

    private void FetchBundle()
    {
        if (_fetchingBundle)
        {
            return;
        }

        _fetchingBundle = true;
        var missing = new ClientException(
            ClientFailure.Unavailable, $"{_peer} has published no prekeys yet: the recipient must come on line once.");
        Task<BundleFound> asked = _client.Board.AskAsync<BundleFound>(
            new FetchBundle(_remote.DeviceId), RequestTimeout, missing, Context.StopToken);
        Context.PipeToSelf(
            asked, static found => new BundleOutcome(found, null), static error => new BundleOutcome(null, error));
    }

    private void OnBundle(BundleOutcome outcome)
    {
        _fetchingBundle = false;
        PrekeyBundle? bundle = null;
        if (outcome.Found is not null && PrekeyBundle.TryDecode(outcome.Found.Bundle.Span, out bundle))
        {
            _bundle = bundle;
            HandleWaiting();
            return;
        }

        ClientException failure = outcome.Error as ClientException ?? new ClientException(
            ClientFailure.NotAuthentic,
            $"The cluster gave something for {_peer} that is no prekey bundle.",
            outcome.Error);
        foreach (SessionInput.Send send in _desk.Waiting.OfType<SessionInput.Send>().ToArray())
        {
            _desk.Waiting.Remove(send);
            send.Part.Fail(failure);
        }
    }

    private void OnLinkUp()
    {
        _refusals = 0;
        Context.Timers.Cancel(nameof(RetryDue));
        _conversation.Outbox.LinkLost();
        DepositNext();
    }

    private void OnReopen()
    {
        _conversation.Outbox.Reopen((_client.Time.GetUtcNow() - ReopenAge).ToUnixTimeMilliseconds());
        DepositNext();
    }

    private void DepositNext()
    {
        // While a commit is under way the outbox holds messages that are not durable: they wait for its end.
        if (_committing || _client.Board.Current is not { } connection || Context.Timers.IsActive(nameof(RetryDue)))
        {
            return;
        }

        foreach (OutboxEntry entry in _conversation.Outbox.NextDeposits(DepositWindow))
        {
            var deposit = new Deposit(
                _remote.DeviceId, entry.Id, InboundMessage.Frame(_client.Device.AccountId, entry.Sealed.Span));
            Task<LinkMessage> request =
                connection.Link.RequestAsync(deposit, RequestTimeout, Context.StopToken).AsTask();
            Digest16 id = entry.Id;
            Context.PipeToSelf(
                request,
                answer => new DepositOutcome(id, answer, connection),
                _ => new DepositOutcome(id, null, connection));
        }
    }

    private void OnDeposit(DepositOutcome outcome)
    {
        if (outcome.Answer is Done)
        {
            _refusals = 0;
            OnInput(new SessionInput.DepositDone(outcome.Id));
            return;
        }

        if (!ReferenceEquals(outcome.Connection, _client.Board.Current))
        {
            // The attempt ended with its link; the next link has its own.
            return;
        }

        _conversation.Outbox.DepositFailed(outcome.Id);
        if (Context.Timers.IsActive(nameof(RetryDue)))
        {
            return;
        }

        if (outcome.Answer is Refused refused && !LinkBoard.IsTransient(refused.Reason))
        {
            _client.Logger.DepositRefused(_key.Device.Short, refused.Reason);
        }

        Context.Timers.StartSingle(nameof(RetryDue), new RetryDue(), RetryWait(outcome.Answer as Refused));
    }

    private TimeSpan RetryWait(Refused? refused)
    {
        if (refused is { RetryAfter: { } asked } && asked > TimeSpan.Zero)
        {
            // The node knows when it takes more; asking earlier only costs both.
            return asked;
        }

        double waitMs = RetryFirst.TotalMilliseconds * Math.Pow(2, Math.Min(_refusals++, 16));
        return TimeSpan.FromMilliseconds(Math.Min(waitMs, RetryLast.TotalMilliseconds));
    }

    private void Perform(IReadOnlyList<ConversationEffect> effects)
    {
        var acknowledged = new List<Digest16>();
        foreach (ConversationEffect effect in effects)
        {
            switch (effect)
            {
                case ConversationEffect.Stored e:
                    _client.Counters.CountSent();
                    _desk.Parts.GetValueOrDefault(e.Id)?.SetStored();
                    break;
                case ConversationEffect.Accepted e:
                    _client.Counters.CountAccepted();
                    _desk.Parts.GetValueOrDefault(e.Id)?.SetAccepted();
                    break;
                case ConversationEffect.Delivered e:
                    _client.Counters.CountDelivered();
                    _desk.Parts.Remove(e.Id, out MessagePart? part);
                    part?.SetDelivered();
                    break;
                case ConversationEffect.Acknowledge e:
                    acknowledged.Add(e.Id);
                    break;
                case ConversationEffect.Deliver e when e.Item.Counter > _desk.LastHandedOver:
                    _desk.LastHandedOver = e.Item.Counter;
                    _client.HandOver(_key, _peer, e.Item);
                    break;
                case ConversationEffect.ForgetPrekeys e:
                    _client.PrekeyKeeper.Tell(new ForgetPrekeys(e.Spent, Self));
                    break;
            }
        }

        if (acknowledged.Count > 0 && _client.Board.Current is { } connection)
        {
            // If this is lost, the mailbox sends the messages again and they are acknowledged again.
            Context.PipeToSelf(
                Completed(connection.Link.SendAsync(new Acknowledge(acknowledged), Context.StopToken).AsTask()),
                static _ => new Ignored(),
                static _ => new Ignored());
        }
    }

    private static async Task<bool> Completed(Task task)
    {
        await task;
        return true;
    }

    // The owner tells a commit of this instance from one of an instance that failed meanwhile.
    private sealed record CommitDone(SessionActor Owner);

    private sealed record CommitBroken(SessionActor Owner, Exception Error);

    private sealed record DepositOutcome(Digest16 Id, LinkMessage? Answer, NodeConnection Connection);

    private sealed record BundleOutcome(BundleFound? Found, Exception? Error);

    private sealed record RetryDue;

    private sealed record ReopenDue;

    private sealed record Ignored;
}
