using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
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
    /// <summary>Messages sealed again in one step.</summary>
    public const int AgainMax = 64;

    private readonly ConversationState _state = new();
    private readonly ReceiptPlan _plan = new();
    private readonly ConversationSealer _sealer;
    private readonly LocalDevice _local;
    private readonly List<ConversationChange> _changes = [];
    private readonly List<ConversationEffect> _effects = [];
    private readonly LeftMessages _left = new();
    private RemoteDevice _remote;

    /// <summary>Starts with nothing said.</summary>
    /// <param name="local">This device.</param>
    /// <param name="remote">The peer device, from its verified account record.</param>
    public Conversation(LocalDevice local, RemoteDevice remote)
    {
        _local = local;
        _remote = remote;
        _sealer = new ConversationSealer(local, DeviceSessions.New(local.DeviceId, remote));
    }

    /// <summary>What waits to reach the peer.</summary>
    public Outbox Outbox => _state.Outbox;

    /// <summary>What came and waits for the application.</summary>
    public Inbox Inbox => _state.Inbox;

    /// <summary>State of the session with the peer device.</summary>
    public SessionPhase Phase => _sealer.Sessions.Phase;

    /// <summary>Messages that could not be opened or understood, since the start.</summary>
    public long Dropped { get; private set; }

    /// <summary>When there is something to do that nobody asks for; null for nothing, 0 for at once.</summary>
    public long? NextWorkUnixMs
    {
        get
        {
            long? receipt = ReceiptUnixMs;
            long? again = Outbox.NextAgainUnixMs;
            long? next = again is null || receipt < again ? receipt : again;
            return next is null ? null : Math.Max(next.Value, _sealer.BlockedUntilUnixMs);
        }
    }

    private bool HasNews => Inbox.NextCounter - 1 > _state.AcknowledgedToPeer;

    private long? ReceiptUnixMs => Outbox.Receipt is not null ? null : HasNews ? 0 : _plan.DueUnixMs;

    /// <summary>Whether the peer should be told what has arrived.</summary>
    public bool IsReceiptDue(DateTimeOffset now) =>
        ReceiptUnixMs is { } due && Math.Max(due, _sealer.BlockedUntilUnixMs) <= now.ToUnixTimeMilliseconds();

    /// <summary>Applies a stored commit; in their order, and before anything else is done.</summary>
    public void Recover(IReadOnlyList<ConversationChange> commit)
    {
        Invariant.Holds(_changes.Count == 0 && !_sealer.HasMoved);
        foreach (ConversationChange change in commit)
        {
            if (change is ConversationChange.SessionMoved moved)
            {
                _sealer.Import(moved.State.Span);
                continue;
            }

            // What happened before the restart is told anew by RecoveredEffects, as far as it still matters.
            _ = _state.Apply(change).Count();
        }
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

        BeginStream(random);
        ulong counter = Outbox.NextCounter;
        var envelope = new Envelope(
            kind, id, Outbox.PlaceOf(counter), _state.Acknowledgement, (ulong)now.ToUnixTimeMilliseconds(), body);
        var context = new SealContext(bundle, now, random);
        SendStatus status = _sealer.Seal(envelope, id, 0, context, out Ciphertext? ciphertext);
        if (status == SendStatus.Sealed)
        {
            NoteSealed(envelope, ciphertext!);
            _effects.Add(new ConversationEffect.Stored(id));
        }

        return status;
    }

    /// <summary>Seals a receipt, if one is due.</summary>
    /// <param name="id">Names it.</param>
    /// <param name="bundle">The peer's prekeys, needed only where there is no session, or it is in doubt.</param>
    /// <param name="now">The time.</param>
    /// <param name="random">Randomness for the ratchet.</param>
    public SendStatus SealReceipt(Digest16 id, PrekeyBundle? bundle, DateTimeOffset now, IRandomSource random)
    {
        if (!IsReceiptDue(now))
        {
            return SendStatus.Known;
        }

        BeginStream(random);
        var report = new ReceiptReport(_plan.Asks, Inbox.HeldRuns);
        var envelope = new Envelope(
            EnvelopeKind.Receipt,
            id,
            Outbox.PlaceOf(0),
            _state.Acknowledgement,
            (ulong)now.ToUnixTimeMilliseconds(),
            report.Encode());
        _sealer.Doubt(_plan.IsInDoubt, now);
        var context = new SealContext(bundle, now, random);
        SendStatus status = _sealer.Seal(envelope, id, 0, context, out Ciphertext? ciphertext);
        if (status == SendStatus.Sealed)
        {
            NoteSealed(envelope with { Body = default }, ciphertext!);
        }

        return status;
    }

    /// <summary>Seals again what the peer lacks and what nothing was heard of for long, as far as it is due.</summary>
    /// <param name="bundle">The peer's prekeys, needed only where there is no session, or it is in doubt.</param>
    /// <param name="now">The time.</param>
    /// <param name="random">Randomness for the ratchet, and the new ids at the mailbox.</param>
    public SendStatus SealAgain(PrekeyBundle? bundle, DateTimeOffset now, IRandomSource random)
    {
        long unixMs = now.ToUnixTimeMilliseconds();
        if (_sealer.BlockedUntilUnixMs > unixMs)
        {
            return SendStatus.Known;
        }

        foreach (OutboxEntry entry in Outbox.DueAgain(unixMs, AgainMax))
        {
            var envelope = new Envelope(
                entry.Kind,
                entry.Id,
                Outbox.PlaceOf(entry.Counter),
                _state.Acknowledgement,
                entry.SentUnixMs,
                entry.Body);
            SendStatus status = _sealer.Seal(
                envelope,
                Digest16.Random(random),
                entry.Ciphertext.Attempt + 1,
                new SealContext(bundle, now, random),
                out Ciphertext? ciphertext);
            if (status != SendStatus.Sealed)
            {
                return status;
            }

            // A bundle is for one session.
            bundle = null;
            Change(new ConversationChange.SealedAgain(entry.Id, ciphertext!, _state.Acknowledgement.UpTo));
            _plan.Told(unixMs, isReceipt: false);
        }

        return SendStatus.Sealed;
    }

    /// <summary>The directory gave no bundle that can be used: what needs one waits, longer each time.</summary>
    public void BundleMissing(DateTimeOffset now) => _sealer.Block(now);

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
        byte[]? before = Inbox.IsFull ? _sealer.Sessions.Export() : null;
        try
        {
            DecryptResult result = _sealer.Sessions.Decrypt(message, _local, prekeys, _remote, now, random);
            ReceiveStatus status = result.Status switch
            {
                DecryptStatus.Ok => Open(result, before, now),
                DecryptStatus.Duplicate => Repeat(),
                DecryptStatus.IdentityChanged when _left.MayWaitForUser(mailboxId) => ReceiveStatus.TurnedAway,
                DecryptStatus.TooFarAhead when _left.MayWaitForPause(mailboxId) => ReceiveStatus.Postponed,
                _ => NotOpened(),
            };
            if (status is not (ReceiveStatus.TurnedAway or ReceiveStatus.Postponed))
            {
                _left.Settled(mailboxId);
                _effects.Add(new ConversationEffect.Acknowledge(mailboxId));
            }

            return status;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(before);
        }
    }

    /// <summary>The peer's account record lists this now; other keys than the accepted ones block.</summary>
    public void Observe(RemoteDevice remote)
    {
        _sealer.Sessions.Observe(remote);
        _remote = remote.DeviceListVersion < _remote.DeviceListVersion ? _remote : remote;
        _sealer.HasMoved = true;
    }

    /// <summary>Trusts exactly this identity of the peer; saying it twice changes nothing.</summary>
    public void AcceptIdentity(RemoteDevice expected)
    {
        DeviceSessions sessions = _sealer.Sessions;
        if (expected.IsSameIdentity(sessions.Remote) && sessions.ChangedTo is null
            && expected.DeviceListVersion <= sessions.Remote.DeviceListVersion)
        {
            return;
        }

        Observe(expected);
        if (sessions.AcceptIdentity(expected))
        {
            // What waited and what was sealed for the old keys: the peer has to say what it lacks.
            _sealer.Unblock();
            _left.Decided();
            _plan.Unopened();
        }
    }

    /// <summary>The cluster has the message on two nodes.</summary>
    public void DepositDone(Digest16 depositId, DateTimeOffset now)
    {
        if (Outbox.Awaits(depositId))
        {
            Change(new ConversationChange.Accepted(depositId, now.ToUnixTimeMilliseconds()));
        }
    }

    /// <summary>The application has the message; marking twice changes nothing.</summary>
    public void Mark(ulong place)
    {
        if (Inbox.IsReady(place))
        {
            Change(new ConversationChange.Marked(place));
        }
    }

    /// <summary>The host removed what was in every ForgetPrekeys effect so far.</summary>
    public void PrekeysForgotten()
    {
        if (_state.Spent.Count > 0)
        {
            Change(new ConversationChange.PrekeysForgotten());
        }
    }

    /// <summary>What a host has to do after a recovery, before new inputs.</summary>
    public IReadOnlyList<ConversationEffect> RecoveredEffects() =>
        [.. _state.Spent.Select(spent => new ConversationEffect.ForgetPrekeys(spent)),
         .. Inbox.Ready.Select(item => new ConversationEffect.Deliver(item))];

    /// <summary>Takes what must be stored now, and the effects that wait for it.</summary>
    /// <returns>A null commit if nothing changed; the effects may then run at once.</returns>
    public (byte[]? Commit, IReadOnlyList<ConversationEffect> Effects) TakeCommit()
    {
        ConversationEffect[] effects = [.. _effects];
        _effects.Clear();
        if (_changes.Count == 0 && !_sealer.HasMoved)
        {
            return (null, effects);
        }

        byte[] commit = ChangeCodec.Encode(_changes, _sealer.HasMoved ? _sealer.Sessions : null);
        _changes.Clear();
        _sealer.HasMoved = false;
        return (commit, effects);
    }

    /// <summary>The whole state as one commit that needs none before it.</summary>
    public byte[] EncodeWhole()
    {
        Invariant.Holds(_changes.Count == 0 && !_sealer.HasMoved);
        return ChangeCodec.Encode(_state.ToChanges(), _sealer.Sessions);
    }

    /// <summary>Forgets the ratchet's keys.</summary>
    public void Dispose() => _sealer.Dispose();

    private void BeginStream(IRandomSource random)
    {
        if (Outbox.Stream != 0)
        {
            return;
        }

        Change(new ConversationChange.StreamBegun(Outbox.NewStream(random)));
    }

    private void NoteSealed(Envelope envelope, Ciphertext ciphertext)
    {
        Change(new ConversationChange.Sealed(
            envelope.Id,
            envelope.Kind,
            envelope.Place.Counter,
            envelope.SentUnixMs,
            envelope.Body,
            ciphertext,
            envelope.Acknowledged.UpTo));
        _plan.Told(ciphertext.UnixMs, envelope.Kind == EnvelopeKind.Receipt);
    }

    private ReceiveStatus Open(DecryptResult result, byte[]? before, DateTimeOffset now)
    {
        bool understood = Envelope.TryDecode(result.Plaintext, out Envelope? envelope);
        CryptographicOperations.ZeroMemory(result.Plaintext);
        if (before is not null && understood && envelope!.Place.Counter != 0
            && !Inbox.IsRepeat(envelope.Place.Stream, envelope.Place.Counter))
        {
            _sealer.Import(before);
            return ReceiveStatus.TurnedAway;
        }

        _sealer.HasMoved = true;
        _sealer.Unblock();
        NoteSpentPrekeys(result);
        if (!understood)
        {
            return Drop();
        }

        long unixMs = now.ToUnixTimeMilliseconds();
        NoteAcknowledged(envelope!, unixMs);
        ulong had = Inbox.NextCounter;
        NotePeerStream(envelope!.Place);
        ReceiveStatus status = envelope.Place.Counter == 0 ? ReceiveStatus.Taken : Take(envelope);
        if (Inbox.NextCounter != had)
        {
            _plan.Advanced(unixMs, Inbox.Held > 0);
        }
        else if (Inbox.Held > 0)
        {
            _plan.GapSeen(unixMs);
        }

        return status;
    }

    private void NoteSpentPrekeys(DecryptResult result)
    {
        if (SpentPrekeys.Of(result) is { } spent)
        {
            Change(new ConversationChange.PrekeysSpent(spent));
            _effects.Add(new ConversationEffect.ForgetPrekeys(spent));
        }
    }

    private void NoteAcknowledged(Envelope envelope, long unixMs)
    {
        StreamAcknowledgement acknowledged = envelope.Acknowledged;
        bool isOurs = acknowledged.Stream == Outbox.Stream && Outbox.Stream != 0;
        if (isOurs && acknowledged.UpTo >= Outbox.NextCounter)
        {
            // The peer has more than this device remembers to have sent.
            _effects.Add(new ConversationEffect.HistoryLost(HistoryLoss.RolledBack));
            return;
        }

        if (isOurs && Outbox.Count > 0 && acknowledged.UpTo >= Outbox.Floor)
        {
            Change(new ConversationChange.PeerAcknowledged(acknowledged.UpTo, unixMs));
        }

        // A peer that has nothing of this stream yet, since it lost its state, reports no runs but may ask.
        if (envelope.Kind == EnvelopeKind.Receipt
            && ReceiptReport.TryDecode(envelope.Body.Span, acknowledged.UpTo, out ReceiptReport? report)
            && !report!.IsEmpty)
        {
            ReceiptReport about = isOurs ? report : new ReceiptReport(report.Asks, []);
            if (Outbox.Count > 0 && !about.IsEmpty)
            {
                Change(new ConversationChange.PeerReported(isOurs ? acknowledged.UpTo : 0, about, unixMs));
                _sealer.NotePeerAsked(report.Asks);
            }
        }
    }

    private void NotePeerStream(StreamPlace place)
    {
        if (Inbox.IsRetired(place.Stream))
        {
            return;
        }

        if (place.Stream != Inbox.Stream)
        {
            Change(new ConversationChange.PeerBegan(place.Stream, place.Floor));
        }
        else if (place.Floor > Inbox.NextCounter)
        {
            Change(new ConversationChange.PeerSkipped(place.Floor));
        }
    }

    private ReceiveStatus Take(Envelope envelope)
    {
        (ulong stream, ulong counter, _) = envelope.Place;
        if (Inbox.IsRepeat(stream, counter))
        {
            return Repeat();
        }

        if (!Inbox.MayHold(stream, counter))
        {
            // The sender has it until it is acknowledged, and is asked for it when the gap is filled.
            _plan.Overflowed();
            return Drop();
        }

        Change(new ConversationChange.Arrived(
            stream, new InboxItem(envelope.Id, envelope.Kind, counter, envelope.SentUnixMs, envelope.Body)));
        return ReceiveStatus.Taken;
    }

    private ReceiveStatus Repeat()
    {
        // The peer, or the mailbox, did not learn that it arrived: say so again.
        _plan.Repeated();
        return ReceiveStatus.Repeat;
    }

    private ReceiveStatus NotOpened()
    {
        // It may have been damaged on the way, or its key is gone: the peer has to seal it again.
        _plan.Unopened();
        return Drop();
    }

    private ReceiveStatus Drop()
    {
        Dropped++;
        return ReceiveStatus.Dropped;
    }

    private void Change(ConversationChange change)
    {
        _changes.Add(change);
        _effects.AddRange(_state.Apply(change));
    }
}
