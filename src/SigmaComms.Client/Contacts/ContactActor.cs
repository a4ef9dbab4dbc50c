using SigmaComms.Actors;
using SigmaComms.Client.Links;
using SigmaComms.Client.Sessions;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Client.Contacts;

/// <summary>
/// Finds out who is behind a name or a device, pins the first account key it sees, and sends everything on to the
/// sessions. What waits for an answer of the directory waits here, in order per peer.
/// </summary>
internal sealed class ContactActor : ReceiveActor
{
    private const string PersistenceId = "contacts";
    private const int WaitingPerAccountMax = 128;
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AskAgainFirst = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AskAgainLast = TimeSpan.FromMinutes(10);

    private readonly ClientContext _client;
    private readonly ContactBook _book = new();
    private readonly Dictionary<string, List<IContactRequest>> _waitingByName = new(StringComparer.Ordinal);
    private readonly Dictionary<NodeId, List<InboundMessage>> _waitingByAccount = [];
    private readonly Dictionary<string, DateTimeOffset> _fetched = new(StringComparer.Ordinal);
    private CommitLog? _log;
    private int _failedLookups;

    /// <summary>Made by its supervisor, again at each restart.</summary>
    public ContactActor(ClientContext client)
    {
        _client = client;
        Receive<InboundMessage>(OnInbound);
        ReceiveAsync<AcceptRequest>(AcceptAsync);
        Receive<IContactRequest>(OnRequest);
        Receive<ListContacts>(OnList);
        ReceiveAsync<NameFetched>(OnNameFetchedAsync);
        ReceiveAsync<AccountFetched>(OnAccountFetchedAsync);
        Receive<AskAgainDue>(_ => _client.Link.Tell(new ResubscribeWanted()));
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
            foreach (RemoteDevice device in DevicesOf(contact))
            {
                _client.Sessions.Tell(new OpenSession(device, contact.Trusted.Name));
            }
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

    private static IEnumerable<RemoteDevice> DevicesOf(Contact contact) => contact.Trusted.Devices
        .Select(device => RemoteDevice.From(contact.Trusted, device.DeviceId)!);

    private void GiveUp(ClientException failure)
    {
        foreach (IContactRequest request in _waitingByName.Values.SelectMany(static waiting => waiting))
        {
            request.Fail(failure);
        }

        foreach (InboundMessage message in _waitingByAccount.Values.SelectMany(static waiting => waiting))
        {
            message.Release();
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
                "The recipient must be another account: 1 to 32 of the characters a-z, 0-9, hyphen and underscore."));
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
        if (known is not null && (fresh || _client.Board.Current is null))
        {
            Serve(request, known);
            return;
        }

        _waitingByName.Add(request.Name, [request]);
        string name = request.Name;
        var missing = new ClientException(
            ClientFailure.UnknownRecipient,
            $"No account is named {name}. Check the name, or ask {name} to come on line once.");
        Context.PipeToSelf(
            _client.Board.AskAsync<AccountFound>(
                new FetchAccount(name, null), RequestTimeout, missing, Context.StopToken),
            found => new NameFetched(name, found, null),
            error => new NameFetched(name, null, error));
    }

    private async ValueTask OnNameFetchedAsync(NameFetched fetched)
    {
        ClientException? failure = fetched.Error as ClientException;
        if (fetched.Found is not null)
        {
            if (AccountRecord.TryDecode(fetched.Found.Record.Span, out AccountRecord? record)
                && record.Name == fetched.Name)
            {
                await ObserveAsync(record);
                _fetched[fetched.Name] = _client.Time.GetUtcNow();
            }
            else
            {
                failure = new ClientException(
                    ClientFailure.NotAuthentic,
                    $"The cluster gave a record for {fetched.Name} that its owner did not sign.");
            }
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

    private async ValueTask<ContactVerdict> ObserveAsync(AccountRecord record)
    {
        (ContactVerdict verdict, byte[]? commit) = _book.Observe(record);
        if (commit is not null)
        {
            await StoreAsync(commit);
        }

        if (verdict == ContactVerdict.IdentityChanged)
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
            case SafetyNumberRequest number:
                number.Answer.TrySetResult(SafetyNumber.Compute(
                    _client.Account.AccountPublicKey.Span,
                    (contact.Changed ?? contact.Trusted).AccountPublicKey.Span));
                break;
            case SendRequest when contact.Changed is not null:
                request.Fail(IdentityChanged.Of(request.Name));
                break;
            case SendRequest send:
                SendTo(send, contact);
                break;
        }
    }

    private void SendTo(SendRequest send, Contact contact)
    {
        RemoteDevice[] devices = [.. DevicesOf(contact)];
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
            _client.Counters.CountDropped();
            message.Release();
            return;
        }

        if (!TryForward(message))
        {
            Lookup(message);
        }
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

    private void Lookup(InboundMessage message)
    {
        if (_waitingByAccount.TryGetValue(message.Account, out List<InboundMessage>? waiting))
        {
            if (waiting.Count >= WaitingPerAccountMax)
            {
                message.Release();
                AskAgainLater();
                return;
            }

            waiting.Add(message);
            return;
        }

        NodeId account = message.Account;
        _waitingByAccount.Add(account, [message]);
        Context.PipeToSelf(
            _client.Board.AskAsync<AccountFound>(
                new FetchAccount(null, account), RequestTimeout, null, Context.StopToken),
            found => new AccountFetched(account, found),
            _ => new AccountFetched(account, null));
    }

    private async ValueTask OnAccountFetchedAsync(AccountFetched fetched)
    {
        if (fetched.Found is not null
            && AccountRecord.TryDecode(fetched.Found.Record.Span, out AccountRecord? record)
            && record.AccountId == fetched.Account)
        {
            _failedLookups = 0;
            await ObserveAsync(record);
        }
        else
        {
            AskAgainLater();
        }

        _waitingByAccount.Remove(fetched.Account, out List<InboundMessage>? waiting);
        foreach (InboundMessage message in waiting ?? [])
        {
            if (!TryForward(message))
            {
                // Not trusted, or not listed: it stays with the mailbox, unacknowledged.
                message.Release();
            }
        }
    }

    private void AskAgainLater()
    {
        // What was let go is still in the mailbox; it comes again with the next subscription.
        double waitMs = Math.Min(
            AskAgainFirst.TotalMilliseconds * Math.Pow(2, Math.Min(_failedLookups++, 16)),
            AskAgainLast.TotalMilliseconds);
        Context.Timers.StartSingle(nameof(AskAgainDue), new AskAgainDue(), TimeSpan.FromMilliseconds(waitMs));
    }

    private async ValueTask AcceptAsync(AcceptRequest accept)
    {
        byte[]? commit = _book.Accept(accept.Name);
        if (commit is null)
        {
            accept.Fail(new ClientException(
                ClientFailure.UnknownRecipient, $"There is no changed identity of {accept.Name} to accept."));
            return;
        }

        await StoreAsync(commit);
        accept.Answer.TrySetResult();
        _client.Link.Tell(new ResubscribeWanted());
    }

    private sealed record AskAgainDue;

    private sealed record NameFetched(string Name, AccountFound? Found, Exception? Error);

    private sealed record AccountFetched(NodeId Account, AccountFound? Found);
}
