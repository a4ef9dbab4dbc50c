using SigmaComms.Actors;
using SigmaComms.Client.Links;
using SigmaComms.Client.Sessions;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Client.Contacts;

/// <summary>
/// Finds out who is behind a name or a device, pins the first account key that the directory has under a name, and
/// sends everything on to the sessions. What waits for an answer of the directory waits here, in order per peer.
/// </summary>
internal sealed class ContactActor : ReceiveActor
{
    private const string PersistenceId = "contacts";
    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RefreshPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookupSoonest = TimeSpan.FromMilliseconds(50);

    private readonly ClientContext _client;
    private readonly ContactBook _book = new();
    private readonly Dictionary<string, List<IContactRequest>> _waitingByName = new(StringComparer.Ordinal);
    private readonly WaitingRoom _room = new();
    private readonly NameLookup _lookup;
    private readonly StrangerInquiry _inquiry;
    private readonly Dictionary<string, DateTimeOffset> _fetched = new(StringComparer.Ordinal);
    private CommitLog? _log;

    /// <summary>Made by its supervisor, again at each restart.</summary>
    public ContactActor(ClientContext client)
    {
        _client = client;
        NodeInquiry nodes = new(client.Connector, client.Board, client.Plan, client.Time);
        _lookup = new NameLookup(client, nodes);
        _inquiry = new StrangerInquiry(nodes, client.Witness is null ? null : _lookup);
        Receive<InboundMessage>(OnInbound);
        ReceiveAsync<IdentityDecision>(DecideAsync);
        Receive<IContactRequest>(OnRequest);
        Receive<ListContacts>(OnList);
        ReceiveAsync<NameFetched>(OnNameFetchedAsync);
        ReceiveAsync<StrangerJudged>(OnStrangerJudgedAsync);
        Receive<LookupDue>(_ => LookUpStrangers());
        Receive<RefreshContact>(OnRefresh);
        Receive<Ignored>(static _ => { });
    }

    /// <inheritdoc/>
    protected override async ValueTask PreStart()
    {
        (_log, IReadOnlyList<byte[]> commits) = await CommitLog.OpenAsync(
            _client.Journal, PersistenceId, Context.StopToken);
        foreach (byte[] commit in commits)
        {
            _book.Recover(commit);
        }

        foreach (Contact contact in _book.Contacts)
        {
            OpenSessions(contact);
        }

        Context.Parent.Tell(new ChildReady(nameof(ContactActor)));
    }

    /// <inheritdoc/>
    protected override ValueTask PreRestart(Exception reason, object? message)
    {
        var failed = new ClientException(
            ClientFailure.Disk, $"What was learned of the recipient could not be stored: {reason.Message}", reason);
        (message as IContactRequest)?.Fail(failed);
        GiveUp(failed);
        _client.Link.Tell(new ResubscribeWanted());
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override ValueTask PostStop()
    {
        GiveUp(new ClientException(ClientFailure.Closed, "The client was closed before the recipient was found."));
        return ValueTask.CompletedTask;
    }

    private static IEnumerable<RemoteDevice> DevicesOf(AccountRecord record) =>
        record.Devices.Select(device => RemoteDevice.From(record, device.DeviceId)!);

    private void OpenSessions(Contact contact)
    {
        string name = contact.Trusted.Name;
        foreach (RemoteDevice device in DevicesOf(contact.Trusted))
        {
            // Trust was decided here. A session that was not told before a crash is told again.
            _client.Sessions.Tell(new ToSession(device, name, new SessionInput.AcceptIdentity(device)));
        }

        if (contact.Change == IdentityChange.Device)
        {
            WarnSessions(contact);
        }
    }

    private void WarnSessions(Contact contact)
    {
        foreach (RemoteDevice device in DevicesOf(contact.Changed!))
        {
            if (contact.Trusted.FindDevice(device.DeviceId) is not null)
            {
                _client.Sessions.Tell(
                    new ToSession(device, contact.Trusted.Name, new SessionInput.ObserveIdentity(device)));
            }
        }
    }

    private void GiveUp(ClientException failure)
    {
        foreach (IContactRequest request in _waitingByName.Values.SelectMany(static waiting => waiting))
        {
            request.Fail(failure);
        }
    }

    private void OnList(ListContacts list) => list.Answer.TrySetResult(
        [.. _book.Contacts.Select(static contact => new ContactSummary(
            contact.Trusted.Name,
            contact.Trusted.AccountId,
            contact.Trusted.Devices.Count,
            contact.Changed is not null))]);

    private void OnRequest(IContactRequest request)
    {
        if (!AccountName.IsValid(request.Name) || request.Name == _client.Account.Name)
        {
            request.Fail(new ClientException(
                ClientFailure.InvalidName,
                request.Name == _client.Account.Name
                    ? $"{request.Name} is this account itself; a conversation is with another one."
                    : $"\"{request.Name}\" is no account name: 1 to 32 of the characters a-z, 0-9, - and _."));
            return;
        }

        if (_waitingByName.TryGetValue(request.Name, out List<IContactRequest>? waiting))
        {
            waiting.Add(request);
            return;
        }

        Contact? known = _book.Find(request.Name);
        bool fresh = _fetched.TryGetValue(request.Name, out DateTimeOffset at)
            && _client.Time.GetUtcNow() - at < FreshFor;
        if (known is { IsStranger: false } && (fresh || _client.Board.Current is null))
        {
            Serve(request, known);
            return;
        }

        _waitingByName.Add(request.Name, [request]);
        Fetch(request.Name);
    }

    private void Fetch(string name) => Context.PipeToSelf(
        _lookup.FindAsync(name, isPatient: _book.Find(name) is not { IsStranger: false }, Context.StopToken),
        found => new NameFetched(name, found, null),
        error => new NameFetched(name, null, error));

    private async ValueTask OnNameFetchedAsync(NameFetched fetched)
    {
        ClientException? failure = fetched.Error as ClientException;
        if (fetched.Found is not null)
        {
            await ObserveAsync(fetched.Found, isStranger: false);
            _fetched[fetched.Name] = _client.Time.GetUtcNow();
        }
        else if (failure?.Reason == ClientFailure.ProofAwaited && _book.Find(fetched.Name) is not null)
        {
            // Who is known is served without a new proof; it is asked for again in a while.
            _fetched[fetched.Name] = _client.Time.GetUtcNow() - FreshFor + RefreshPause;
        }

        if (_waitingByName.ContainsKey(fetched.Name) && _book.Name(fetched.Name) is { } named)
        {
            // While they still wait, so that they are told if this cannot be stored.
            await StoreAsync(named);
        }

        Contact? known = _book.Find(fetched.Name);
        _waitingByName.Remove(fetched.Name, out List<IContactRequest>? waiting);
        foreach (IContactRequest request in waiting ?? [])
        {
            if (known is not null)
            {
                Serve(request, known);
                continue;
            }

            request.Fail(failure ?? new ClientException(
                ClientFailure.Unavailable, $"{fetched.Name} could not be looked up. Try again.", fetched.Error));
        }
    }

    private async ValueTask<ContactVerdict> ObserveAsync(AccountRecord record, bool isStranger)
    {
        if (record.Name == _client.Account.Name || record.AccountId == _client.Account.AccountId)
        {
            // Nobody else is trusted under the own name, whatever a node says.
            return ContactVerdict.Rejected;
        }

        (ContactVerdict verdict, byte[]? commit) = _book.Observe(record, isStranger);
        if (commit is not null)
        {
            await StoreAsync(commit);
        }

        Contact? contact = _book.Find(record.Name);
        if (verdict == ContactVerdict.Learned)
        {
            OpenSessions(contact!);
        }
        else if (verdict == ContactVerdict.DeviceChanged)
        {
            WarnSessions(contact!);
        }

        if (commit is not null && verdict is ContactVerdict.IdentityChanged or ContactVerdict.DeviceChanged)
        {
            _client.Logger.IdentityNotTrusted(record.AccountId.Short);
            _client.Report(new ClientEvent(
                ClientEventKind.IdentityChanged, record.Name, IdentityChanged.Of(record.Name).Message));
        }

        return verdict;
    }

    private async ValueTask StoreAsync(byte[] commit)
    {
        await _log!.AppendAsync(commit, CancellationToken.None);
        if (_log.WantsCompaction)
        {
            await _log.CompactAsync(_book.EncodeWhole(), CancellationToken.None);
        }
    }

    private void Serve(IContactRequest request, Contact contact)
    {
        switch (request)
        {
            case IdentityRequest identity:
                identity.Answer.TrySetResult(Describe(contact));
                break;
            case SendRequest when contact.Changed is not null:
                request.Fail(IdentityChanged.Of(request.Name));
                break;
            case SendRequest send:
                SendTo(send, contact);
                break;
        }
    }

    private PeerIdentity Describe(Contact contact)
    {
        AccountRecord shown = contact.Changed ?? contact.Trusted;
        return new PeerIdentity(
            shown.Name,
            shown.AccountId,
            SafetyNumber.Compute(_client.Account.AccountPublicKey.Span, shown.AccountPublicKey.Span),
            contact.Change,
            Digest.Sha256(shown.Encoded.Span))
        {
            Record = shown,
        };
    }

    private void SendTo(SendRequest send, Contact contact)
    {
        RemoteDevice[] devices = [.. DevicesOf(contact.Trusted)];
        if (devices.Length == 0)
        {
            send.Fail(new ClientException(
                ClientFailure.Unavailable, $"{send.Name} has no device at the moment. Try again later."));
            return;
        }

        IReadOnlyList<MessagePart> parts = send.Handle.Split(devices.Length);
        for (int i = 0; i < devices.Length; i++)
        {
            var input = new SessionInput.Send(send.Handle.Id, send.Kind, send.Body, parts[i]);
            _client.Sessions.Tell(new ToSession(devices[i], contact.Trusted.Name, input));
        }
    }

    private void OnInbound(InboundMessage message)
    {
        if (!message.TryRead())
        {
            // No client deposits such a thing, so nobody will ever be able to read it.
            Dismiss([message]);
            return;
        }

        if (TryForward(message))
        {
            return;
        }

        bool isBlocked = _book.FindByChanged(message.Account) is not null;
        message.Release();
        Dismiss(_room.Add(message, isBlocked, _client.Time.GetUtcNow()));
        LookUpStrangers();
    }

    private bool TryForward(InboundMessage message)
    {
        Contact? contact = _book.FindByAccount(message.Account);
        RemoteDevice? device = contact is null ? null : RemoteDevice.From(contact.Trusted, message.Sender);
        if (device is null)
        {
            return false;
        }

        _client.Sessions.Tell(new ToSession(device, contact!.Trusted.Name, new SessionInput.Receive(message)));
        return true;
    }

    private void LookUpStrangers()
    {
        foreach ((NodeId account, IReadOnlySet<NodeId> deniedBy) in _room.TakeDue(_client.Time.GetUtcNow()))
        {
            Context.PipeToSelf(
                _inquiry.AskAsync(account, deniedBy, Context.StopToken),
                verdict => new StrangerJudged(account, verdict),
                _ => new StrangerJudged(account, new StrangerVerdict(null, null)));
        }

        if (_room.NextDue is { } next)
        {
            TimeSpan wait = next - _client.Time.GetUtcNow();
            Context.Timers.StartSingle(
                nameof(LookupDue), new LookupDue(), wait > LookupSoonest ? wait : LookupSoonest);
        }
    }

    private async ValueTask OnStrangerJudgedAsync(StrangerJudged judged)
    {
        ContactVerdict? verdict = judged.Verdict.Record is { } record
            ? await ObserveAsync(record, isStranger: true)
            : null;
        if (verdict is ContactVerdict.Rejected or ContactVerdict.TooMany)
        {
            Dismiss(_room.Take(judged.Account));
            Acknowledge(_room.TakePostponed(judged.Account));
        }
        else if (verdict == ContactVerdict.IdentityChanged)
        {
            _room.Block(judged.Account);
            Acknowledge(_room.TakePostponed(judged.Account));
        }
        else
        {
            Forward(judged);
        }

        LookUpStrangers();
    }

    private void Forward(StrangerJudged judged)
    {
        DateTimeOffset now = _client.Time.GetUtcNow();
        bool isKnown = _book.FindByAccount(judged.Account) is not null;
        foreach (InboundMessage message in isKnown ? _room.Take(judged.Account) : [])
        {
            if (!TryForward(message))
            {
                // Of a device that the account's record does not list, or not yet.
                Dismiss(_room.Add(message, isBlocked: false, now));
            }
        }

        if (isKnown && _room.TakePostponed(judged.Account).Count > 0)
        {
            // They are still in the mailbox, which sends everything anew to who subscribes anew.
            _client.Link.Tell(new ResubscribeWanted());
        }

        Dismiss(_room.Deny(judged.Account, judged.Verdict.DeniedBy, _client.Plan.Endpoints.Count, now));
        if (!_room.IsWaiting(judged.Account))
        {
            Acknowledge(_room.TakePostponed(judged.Account));
        }
    }

    /// <summary>Tells the mailbox to forget what nobody here can ever read.</summary>
    private void Dismiss(IReadOnlyList<InboundMessage> messages)
    {
        foreach (InboundMessage message in messages)
        {
            _client.Counters.CountDropped();
            message.Release();
        }

        Acknowledge([.. messages.Select(static message => message.Id)]);
    }

    private void Acknowledge(IReadOnlyList<Digest16> ids)
    {
        if (ids.Count > 0 && _client.Board.Current is { } connection)
        {
            _client.Logger.StrangersDismissed(ids.Count);
            Context.PipeToSelf(
                AcknowledgeAsync(connection, ids), static _ => new Ignored(), static _ => new Ignored());
        }
    }

    private async Task<bool> AcknowledgeAsync(NodeConnection connection, IReadOnlyList<Digest16> ids)
    {
        await connection.Link.SendAsync(new Acknowledge(ids), Context.StopToken);
        return true;
    }

    private void OnRefresh(RefreshContact refresh)
    {
        DateTimeOffset now = _client.Time.GetUtcNow();
        bool isRecent = _fetched.TryGetValue(refresh.Name, out DateTimeOffset at) && now - at < RefreshPause;
        if (!isRecent && !_waitingByName.ContainsKey(refresh.Name) && _book.Find(refresh.Name) is not null)
        {
            _fetched[refresh.Name] = now;
            Fetch(refresh.Name);
        }
    }

    private async ValueTask DecideAsync(IdentityDecision decision)
    {
        byte[]? commit = decision.IsAccepted ? _book.Accept(decision.Shown) : _book.Reject(decision.Shown);
        if (commit is null)
        {
            decision.Fail(new ClientException(
                ClientFailure.UnknownRecipient,
                $"The identity of {decision.Name} that was shown is not the one that waits for a decision. "
                + "Look at it again."));
            return;
        }

        await StoreAsync(commit);
        if (decision.IsAccepted)
        {
            OpenSessions(_book.Find(decision.Name)!);
        }

        decision.Answer.TrySetResult();
        Acknowledge(_room.TakePostponed(decision.Shown.Account));
        foreach (InboundMessage message in _room.Take(decision.Shown.Account))
        {
            if (!TryForward(message))
            {
                Dismiss([message]);
            }
        }
    }

    private sealed record LookupDue;

    private sealed record Ignored;

    private sealed record NameFetched(string Name, AccountRecord? Found, Exception? Error);

    private sealed record StrangerJudged(NodeId Account, StrangerVerdict Verdict);
}
