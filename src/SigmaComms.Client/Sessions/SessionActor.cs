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
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReceiptSoon = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan ReceiptPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RidePause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan WakeSoonest = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan WakeLatest = TimeSpan.FromHours(1);

    private readonly ClientContext _client;
    private readonly RemoteDevice _remote;
    private readonly string _peer;
    private readonly ConversationKey _key;
    private readonly SessionDesk _desk;
    private readonly SessionEffects _performer;
    private readonly Conversation _conversation;
    private readonly DepositLane _deposits;
    private readonly AcknowledgeLane _acknowledgements;
    private CommitLog? _log;
    private IReadOnlyList<ConversationEffect> _effects = [];
    private PrekeyBundle? _bundle;
    private bool _committing;
    private bool _fetchingBundle;
    private long _lastReceipt;
    private long _lastPrompt;

    /// <summary>Made by its supervisor, again at each restart.</summary>
    public SessionActor(ClientContext client, RemoteDevice remote, string peer, SessionDesk desk)
    {
        _client = client;
        _remote = remote;
        _peer = peer;
        _key = new ConversationKey(remote.AccountId, remote.DeviceId);
        _desk = desk;
        _performer = new SessionEffects(client, _key, peer, desk);
        _conversation = new Conversation(client.Device, remote);
        _deposits = new DepositLane(client, remote, _conversation.Outbox);
        _acknowledgements = new AcknowledgeLane(client);
        Receive<SessionInput>(OnInput);
        Receive<CommitDone>(done => ReferenceEquals(done.Owner, this), _ => OnCommitted());
        Receive<CommitBroken>(broken => ReferenceEquals(broken.Owner, this), OnCommitBroken);
        Receive<CommitDone>(static _ => { });
        Receive<CommitBroken>(static _ => { });
        Receive<DepositOutcome>(OnDeposit);
        Receive<BundleOutcome>(outcome => ReferenceEquals(outcome.Owner, this), OnBundle);
        Receive<BundleOutcome>(static _ => { });
        Receive<LinkUp>(_ => OnLinkUp());
        Receive<LinkDown>(_ => _conversation.Outbox.LinkLost());
        Receive<DepositRetryDue>(_ => DepositNext());
        Receive<WakeDue>(_ => OnInput(new SessionInput.SealAgain()));
        Receive<AskAgainDue>(_ => _client.Link.Tell(new ResubscribeWanted()));
        Receive<PatienceEnds>(_ => HandleAll());
        Receive<AcknowledgeLane.AcknowledgeDue>(_ => _acknowledgements.Flush(Context));
        Receive<AcknowledgeLane.Ignored>(static _ => { });
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

        Perform(_conversation.RecoveredEffects());

        // What the instance before could not commit comes first: it may say what need not be deposited again.
        HandleWaiting();
        if (!_committing)
        {
            Continue();
        }
    }

    /// <inheritdoc/>
    protected override ValueTask PreRestart(Exception reason, object? message)
    {
        _conversation.Dispose();
        if (_desk.AtWork is { } poison)
        {
            _client.Logger.InputFailed(reason, poison.GetType().Name);
            _desk.Waiting.Remove(poison);
            SessionDesk.Fail(poison, new ClientException(
                ClientFailure.Protocol, "The message could not be handled; this is a bug, see the log.", reason));
        }

        _desk.PutBack();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override ValueTask PostStop()
    {
        _acknowledgements.TryTell();
        _conversation.Dispose();
        _desk.FailAll(new ClientException(
            ClientFailure.Closed, "The client was closed; what is in the outbox is sent when it is opened again."));
        return ValueTask.CompletedTask;
    }

    /// <summary>Whether a message may be sealed without asking the directory first.</summary>
    private bool MaySeal => _bundle is not null
        || _conversation.Phase is SessionPhase.InitSent or SessionPhase.Established or SessionPhase.IdentityChanged;

    private void OnInput(SessionInput input)
    {
        _desk.Waiting.AddLast(input);
        if (input is SessionInput.Send or SessionInput.Receive)
        {
            _lastPrompt = _client.Time.GetTimestamp();
        }

        HandleWaiting();
    }

    /// <summary>
    /// Handles what waits, unless that is nothing but notes that can go with the next message: in a burst one commit,
    /// and with it one flush of the disk, then serves for both.
    /// </summary>
    private void HandleWaiting()
    {
        if (!_committing && _desk.MayRide && _client.Time.GetElapsedTime(_lastPrompt) < RidePause)
        {
            if (!Context.Timers.IsActive(nameof(PatienceEnds)))
            {
                Context.Timers.StartSingle(nameof(PatienceEnds), new PatienceEnds(), RidePause);
            }

            return;
        }

        HandleAll();
    }

    private void HandleAll()
    {
        if (!_committing && _desk.Postponed.Count > 0 && MaySeal)
        {
            _desk.Resume();
        }

        while (!_committing && _desk.Waiting.Count > 0)
        {
            HandleBatch();
            Commit();
        }
    }

    private void HandleBatch()
    {
        while (_desk.Committing.Count < BatchMax && _desk.Waiting.First is { } first)
        {
            _desk.AtWork = first.Value;
            bool isHandled = Handle(first.Value);
            _desk.Waiting.RemoveFirst();
            if (isHandled)
            {
                _desk.Committing.Add(first.Value);
            }
            else
            {
                _desk.Postponed.Enqueue((SessionInput.Send)first.Value);
            }
        }

        _desk.AtWork = null;
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
            _desk.TurnAway(new ClientException(
                ClientFailure.Disk, $"Nothing could be stored, so nothing was sent: {failed.Message}", failed));
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
        PlanWork();
        bool mayTake = _conversation.Inbox.HasAmpleRoom && _conversation.Phase != SessionPhase.IdentityChanged;
        if (_desk.TurnedAway && mayTake)
        {
            _desk.TurnedAway = false;
            _client.Link.Tell(new ResubscribeWanted());
        }
    }

    private void PlanWork()
    {
        // Without a link nothing can leave, and to seal more would only move the ratchet.
        DateTimeOffset now = _client.Time.GetUtcNow();
        if (_fetchingBundle || _client.Board.Current is null || _conversation.NextWorkUnixMs is not { } next)
        {
            return;
        }

        if (_conversation.IsReceiptDue(now))
        {
            if (!Context.Timers.IsActive(nameof(SessionInput.SealReceipt)))
            {
                // Soon after a quiet time, seldom in a burst: one receipt confirms everything before it.
                bool quiet = _client.Time.GetElapsedTime(_lastReceipt) > ReceiptPause;
                Context.Timers.StartSingle(
                    nameof(SessionInput.SealReceipt),
                    new SessionInput.SealReceipt(),
                    quiet ? ReceiptSoon : ReceiptPause);
            }

            return;
        }

        TimeSpan wait = TimeSpan.FromMilliseconds(Math.Min(
            Math.Max(next - now.ToUnixTimeMilliseconds(), WakeSoonest.TotalMilliseconds),
            WakeLatest.TotalMilliseconds));
        Context.Timers.StartSingle(nameof(WakeDue), new WakeDue(), wait);
    }

    /// <returns>False for a message to send that has to wait for a bundle, or for those before it.</returns>
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
                NoteReceived(status);
                return true;
            case SessionInput.Mark mark:
                _conversation.Mark(mark.Place);
                return true;
            case SessionInput.DepositDone done:
                _conversation.DepositDone(done.DepositId, now);
                return true;
            case SessionInput.PrekeysForgotten:
                _conversation.PrekeysForgotten();
                return true;
            case SessionInput.ObserveIdentity observe:
                _conversation.Observe(observe.Remote);
                return true;
            case SessionInput.AcceptIdentity accept:
                _conversation.AcceptIdentity(accept.Expected);
                return true;
            case SessionInput.SealReceipt:
                _lastReceipt = _client.Time.GetTimestamp();
                NoteSealed(_conversation.SealReceipt(
                    Digest16.Random(_client.Random), _bundle, now, _client.Random));
                return true;
            case SessionInput.SealAgain:
                NoteSealed(_conversation.SealAgain(_bundle, now, _client.Random));
                return true;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private void NoteReceived(ReceiveStatus status)
    {
        switch (status)
        {
            case ReceiveStatus.TurnedAway:
                _desk.TurnedAway = true;
                break;
            case ReceiveStatus.Postponed when !Context.Timers.IsActive(nameof(AskAgainDue)):
                Context.Timers.StartSingle(nameof(AskAgainDue), new AskAgainDue(), SessionLimits.FarJumpPause);
                break;
            case ReceiveStatus.Dropped:
                _client.Counters.CountDropped();
                _client.Logger.MessageDropped(_key.Device.Short);
                _client.ContactKeeper.Tell(new RefreshContact(_peer));
                break;
        }
    }

    private void NoteSealed(SendStatus status)
    {
        switch (status)
        {
            case SendStatus.Sealed or SendStatus.BundleRejected:
                _bundle = null;
                break;
            case SendStatus.NeedsBundle:
                FetchBundle();
                break;
        }
    }

    private bool HandleSend(SessionInput.Send send, DateTimeOffset now)
    {
        if (_desk.Postponed.Count > 0)
        {
            return false;
        }

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
            asked, found => new BundleOutcome(this, found, null), error => new BundleOutcome(this, null, error));
    }

    private void OnBundle(BundleOutcome outcome)
    {
        _fetchingBundle = false;
        PrekeyBundle? bundle = null;
        if (outcome.Found is not null && PrekeyBundle.TryDecode(outcome.Found.Bundle.Span, out bundle))
        {
            _bundle = bundle;
        }
        else
        {
            _conversation.BundleMissing(_client.Time.GetUtcNow());
            _desk.FailPostponed(outcome.Error as ClientException ?? new ClientException(
                ClientFailure.NotAuthentic,
                $"The cluster gave something for {_peer} that is no prekey bundle.",
                outcome.Error));
        }

        HandleWaiting();
        PlanWork();
    }

    private void OnLinkUp()
    {
        _deposits.Restart(Context);
        Continue();
    }

    private void DepositNext()
    {
        // While a commit is under way the outbox holds messages that are not durable: they wait for its end.
        if (!_committing)
        {
            _deposits.Next(Context);
        }
    }

    private void OnDeposit(DepositOutcome outcome)
    {
        if (_deposits.IsDone(outcome, Context))
        {
            OnInput(new SessionInput.DepositDone(outcome.DepositId));
        }
    }

    private void Perform(IReadOnlyList<ConversationEffect> effects) =>
        _acknowledgements.Add(_performer.Perform(effects, Self), Context);

    private static async Task<bool> Completed(Task task)
    {
        await task;
        return true;
    }

    // The owner tells what this instance began from what an instance began that failed meanwhile.
    private sealed record CommitDone(SessionActor Owner);

    private sealed record CommitBroken(SessionActor Owner, Exception Error);

    private sealed record BundleOutcome(SessionActor Owner, BundleFound? Found, Exception? Error);

    private sealed record WakeDue;

    private sealed record AskAgainDue;

    private sealed record PatienceEnds;
}
