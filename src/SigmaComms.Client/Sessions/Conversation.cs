using System.Security.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Client.Sessions;

/// <summary>
/// Everything between this device and one peer device, without waiting, clock or disk: what goes in changes the state,
/// what must be durable leaves through <see cref="TakeCommit"/>, and its effects may only run once that is stored.
/// </summary>
/// <remarks>
/// A state that is not stored is thrown away with the whole object: the ratchet has moved, and to seal twice from the
/// same state would use a key twice. Not safe for two threads.
/// </remarks>
internal sealed class Conversation : IDisposable
{
    private readonly LocalDevice _local;
    private readonly RemoteDevice _remote;
    private readonly List<ConversationChange> _changes = [];
    private readonly List<ConversationEffect> _effects = [];
    private readonly List<SpentPrekeys> _spent = [];
    private DeviceSessions _sessions;
    private ulong _acknowledgedToPeer;
    private bool _receiptWanted;
    private bool _sessionMoved;

    /// <summary>Starts with nothing said.</summary>
    /// <param name="local">This device.</param>
    /// <param name="remote">The peer device, from its verified account record.</param>
    public Conversation(LocalDevice local, RemoteDevice remote)
    {
        _local = local;
        _remote = remote;
        _sessions = DeviceSessions.New(local.DeviceId, remote);
    }

    /// <summary>What waits to reach the peer.</summary>
    public Outbox Outbox { get; } = new();

    /// <summary>What came and waits for the application.</summary>
    public Inbox Inbox { get; } = new();

    /// <summary>State of the session with the peer device.</summary>
    public SessionPhase Phase => _sessions.Phase;

    /// <summary>Whether the peer should be told what has arrived.</summary>
    public bool ReceiptDue =>
        Outbox.Receipt is null && (_receiptWanted || Inbox.NextCounter - 1 > _acknowledgedToPeer);

    /// <summary>Messages that could not be opened or understood, since the start.</summary>
    public long Dropped { get; private set; }

    /// <summary>Applies a stored commit; in their order, and before anything else is done.</summary>
    public void Recover(IReadOnlyList<ConversationChange> commit)
    {
        Invariant.Holds(_changes.Count == 0 && !_sessionMoved);
        foreach (ConversationChange change in commit)
        {
            Apply(change);
        }

        // What happened before the restart is told anew by RecoveredEffects, as far as it still matters.
        _effects.Clear();
    }

    /// <summary>Seals a message into the outbox.</summary>
    /// <param name="id">Names it; a second call with the same id changes nothing.</param>
    /// <param name="kind">Text or attachment.</param>
    /// <param name="body">The content.</param>
    /// <param name="bundle">The peer's prekeys, needed only where there is no session.</param>
    /// <param name="now">The time.</param>
    /// <param name="random">Randomness for the ratchet.</param>
    public SendStatus Send(
        Digest16 id,
        EnvelopeKind kind,
        ReadOnlyMemory<byte> body,
        PrekeyBundle? bundle,
        DateTimeOffset now,
        IRandomSource random)
    {
        Invariant.Holds(kind is EnvelopeKind.Text or EnvelopeKind.Attachment);
        if (Outbox.Contains(id))
        {
            _effects.Add(new ConversationEffect.Stored(id));
            return SendStatus.Known;
        }

        if (Outbox.IsFull)
        {
            return SendStatus.Full;
        }

        SendStatus status = Seal(id, kind, Outbox.NextCounter, body, bundle, now, random);
        if (status == SendStatus.Sealed)
        {
            _effects.Add(new ConversationEffect.Stored(id));
        }

        return status;
    }

    /// <summary>Seals a receipt, if one is due and a session stands.</summary>
    public bool SealReceipt(Digest16 id, DateTimeOffset now, IRandomSource random) =>
        ReceiptDue && Seal(id, EnvelopeKind.Receipt, 0, default, null, now, random) == SendStatus.Sealed;

    /// <summary>Opens a message from the mailbox.</summary>
    /// <param name="mailboxId">The mailbox's name for it, to acknowledge it by.</param>
    /// <param name="message">Untrusted bytes.</param>
    /// <param name="prekeys">This device's private prekeys.</param>
    /// <param name="now">The time.</param>
    /// <param name="random">Randomness for the ratchet.</param>
    public ReceiveStatus Receive(
        Digest16 mailboxId,
        ReadOnlySpan<byte> message,
        IPrekeySecrets prekeys,
        DateTimeOffset now,
        IRandomSource random)
    {
        // Opening moves the ratchet; where there may be no room for the content, it must be possible to go back.
        byte[]? before = Inbox.IsNearlyFull ? _sessions.Export() : null;
        try
        {
            DecryptResult result = _sessions.Decrypt(message, _local, prekeys, _remote, now, random);
            ReceiveStatus status = result.Status switch
            {
                DecryptStatus.Ok => Open(result, before),
                DecryptStatus.Duplicate => Repeat(),
                DecryptStatus.IdentityChanged or DecryptStatus.TooFarAhead => ReceiveStatus.TurnedAway,
                _ => Drop(),
            };
            if (status != ReceiveStatus.TurnedAway)
            {
                _effects.Add(new ConversationEffect.Acknowledge(mailboxId));
            }

            return status;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(before);
        }
    }

    /// <summary>The cluster has the message on two nodes.</summary>
    public void DepositDone(Digest16 id, DateTimeOffset now)
    {
        if (!Outbox.Awaits(id))
        {
            return;
        }

        bool receipt = Outbox.Receipt?.Id == id;
        Change(new ConversationChange.Accepted(id, now.ToUnixTimeMilliseconds()));
        if (!receipt)
        {
            _effects.Add(new ConversationEffect.Accepted(id));
        }
    }

    /// <summary>The application has the message; marking twice changes nothing.</summary>
    public void Mark(ulong counter)
    {
        if (Inbox.IsReady(counter))
        {
            Change(new ConversationChange.Marked(counter));
        }
    }

    /// <summary>The host removed what was in every ForgetPrekeys effect so far.</summary>
    public void PrekeysForgotten()
    {
        if (_spent.Count > 0)
        {
            Change(new ConversationChange.PrekeysForgotten());
        }
    }

    /// <summary>What a host has to do after a recovery, before new inputs.</summary>
    public IReadOnlyList<ConversationEffect> RecoveredEffects() =>
        [.. _spent.Select(spent => new ConversationEffect.ForgetPrekeys(spent)),
         .. Inbox.Ready.Select(item => new ConversationEffect.Deliver(item))];

    /// <summary>Takes what must be stored now, and the effects that wait for it.</summary>
    /// <returns>A null commit if nothing changed; the effects may then run at once.</returns>
    public (byte[]? Commit, IReadOnlyList<ConversationEffect> Effects) TakeCommit()
    {
        ConversationEffect[] effects = [.. _effects];
        _effects.Clear();
        if (_changes.Count == 0 && !_sessionMoved)
        {
            return (null, effects);
        }

        byte[] commit = Encode(_changes, _sessionMoved);
        _changes.Clear();
        _sessionMoved = false;
        return (commit, effects);
    }

    /// <summary>The whole state as one commit that needs none before it.</summary>
    public byte[] EncodeWhole()
    {
        Invariant.Holds(_changes.Count == 0 && !_sessionMoved);
        var changes = new List<ConversationChange>
        {
            new ConversationChange.Restored(Outbox.NextCounter, Inbox.NextCounter, _acknowledgedToPeer),
        };
        foreach (OutboxEntry entry in Outbox.Entries)
        {
            changes.Add(new ConversationChange.Sealed(entry.Id, entry.Kind, entry.Counter, 0, entry.Sealed));
            if (entry.AcceptedUnixMs is not null)
            {
                changes.Add(new ConversationChange.Accepted(entry.Id, entry.AcceptedUnixMs.Value));
            }
        }

        changes.AddRange(Inbox.Items.Select(item => new ConversationChange.Arrived(item)));
        changes.AddRange(_spent.Select(spent => new ConversationChange.PrekeysSpent(spent)));
        return Encode(changes, withSession: true);
    }

    /// <summary>Forgets the ratchet's keys.</summary>
    public void Dispose() => (_sessions as IDisposable)?.Dispose();

    private SendStatus Seal(
        Digest16 id,
        EnvelopeKind kind,
        ulong counter,
        ReadOnlyMemory<byte> body,
        PrekeyBundle? bundle,
        DateTimeOffset now,
        IRandomSource random)
    {
        ulong acknowledged = Inbox.NextCounter - 1;
        var envelope = new Envelope(kind, id, counter, acknowledged, (ulong)now.ToUnixTimeMilliseconds(), body);
        byte[] plain = envelope.Encode();
        EncryptResult result = _sessions.Encrypt(plain, _local, bundle, now, random);
        CryptographicOperations.ZeroMemory(plain);
        switch (result.Status)
        {
            case EncryptStatus.Ok:
                _sessionMoved = true;
                Change(new ConversationChange.Sealed(id, kind, counter, acknowledged, result.Message));
                return SendStatus.Sealed;
            case EncryptStatus.NeedsBundle:
                return SendStatus.NeedsBundle;
            case EncryptStatus.BundleRejected:
                return SendStatus.BundleRejected;
            case EncryptStatus.IdentityChanged:
                return SendStatus.IdentityChanged;
            default:
                throw new InvalidOperationException($"A session refused an envelope: {result.Status}.");
        }
    }

    private ReceiveStatus Open(DecryptResult result, byte[]? before)
    {
        bool understood = Envelope.TryDecode(result.Plaintext, out Envelope? envelope);
        CryptographicOperations.ZeroMemory(result.Plaintext);
        if (understood && envelope!.Counter != 0 && !Inbox.IsRepeat(envelope.Counter)
            && !Inbox.HasRoomFor(envelope.Counter))
        {
            Invariant.Holds(DeviceSessions.TryImport(before, out DeviceSessions? restored));
            _sessions = restored!;
            return ReceiveStatus.TurnedAway;
        }

        _sessionMoved = true;
        NoteSpentPrekeys(result);
        if (!understood || envelope!.Acknowledged >= Outbox.NextCounter)
        {
            return Drop();
        }

        NoteAcknowledged(envelope.Acknowledged);
        if (envelope.Counter == 0)
        {
            return ReceiveStatus.Taken;
        }

        if (Inbox.IsRepeat(envelope.Counter))
        {
            return Repeat();
        }

        Change(new ConversationChange.Arrived(new InboxItem(
            envelope.Id, envelope.Kind, envelope.Counter, envelope.SentUnixMs, envelope.Body)));
        return ReceiveStatus.Taken;
    }

    private void NoteSpentPrekeys(DecryptResult result)
    {
        if (SpentPrekeys.Of(result) is { } spent)
        {
            Change(new ConversationChange.PrekeysSpent(spent));
            _effects.Add(new ConversationEffect.ForgetPrekeys(spent));
        }
    }

    private void NoteAcknowledged(ulong upTo)
    {
        OutboxEntry? oldest = Outbox.Entries.FirstOrDefault();
        if (oldest is null || oldest.Kind == EnvelopeKind.Receipt || oldest.Counter > upTo)
        {
            return;
        }

        Change(new ConversationChange.PeerAcknowledged(upTo));
    }

    private ReceiveStatus Repeat()
    {
        // The peer, or the mailbox, did not learn that it arrived: say so again.
        _receiptWanted = true;
        return ReceiveStatus.Repeat;
    }

    private ReceiveStatus Drop()
    {
        Dropped++;
        return ReceiveStatus.Dropped;
    }

    private void Change(ConversationChange change)
    {
        _changes.Add(change);
        Apply(change);
    }

    private void Apply(ConversationChange change)
    {
        switch (change)
        {
            case ConversationChange.Restored c:
                Outbox.Restore(c.NextSent);
                Inbox.Restore(c.NextReceived);
                _acknowledgedToPeer = c.AcknowledgedToPeer;
                break;
            case ConversationChange.SessionMoved c:
                Invariant.Holds(DeviceSessions.TryImport(c.State.Span, out DeviceSessions? sessions));
                _sessions = sessions!;
                break;
            case ConversationChange.Sealed c:
                Outbox.Add(new OutboxEntry(c.Id, c.Kind, c.Counter, c.Bytes));
                _acknowledgedToPeer = Math.Max(_acknowledgedToPeer, c.Acknowledged);
                _receiptWanted = false;
                break;
            case ConversationChange.Accepted c:
                Outbox.Accept(c.Id, c.UnixMs);
                break;
            case ConversationChange.PeerAcknowledged c:
                _effects.AddRange(Outbox.Acknowledge(c.UpTo).Select(id => new ConversationEffect.Delivered(id)));
                break;
            case ConversationChange.Arrived c:
                ApplyArrived(c.Item);
                break;
            case ConversationChange.Marked c:
                Inbox.Mark(c.Counter);
                break;
            case ConversationChange.PrekeysSpent c:
                _spent.Add(c.Spent);
                break;
            case ConversationChange.PrekeysForgotten:
                _spent.Clear();
                break;
        }
    }

    private void ApplyArrived(InboxItem item)
    {
        if (item.Counter < Inbox.NextCounter)
        {
            Inbox.Put(item);
            return;
        }

        _effects.AddRange(Inbox.Add(item).Select(ready => new ConversationEffect.Deliver(ready)));
    }

    private byte[] Encode(IEnumerable<ConversationChange> changes, bool withSession)
    {
        byte[] state = withSession ? _sessions.Export() : [];
        var writer = new WireWriter(state.Length + 4096);
        ChangeCodec.Write(changes, writer);
        if (withSession)
        {
            ChangeCodec.Write([new ConversationChange.SessionMoved(state)], writer);
            CryptographicOperations.ZeroMemory(state);
        }

        byte[] commit = writer.ToArray();
        writer.Clear();
        return commit;
    }
}
