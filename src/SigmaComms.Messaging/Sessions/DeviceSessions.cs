using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Sessions.Handshake;
using SigmaComms.Messaging.Sessions.Ratchet;

namespace SigmaComms.Messaging.Sessions;

/// <summary>
/// All sessions with one peer device: the one to send in, and archived ones that still open late messages. A pure
/// state machine: time and randomness are arguments, and a failure changes no stored state. The owner stores
/// <see cref="Export"/> before it lets a message out or a plaintext in. Not safe for use from two threads at once.
/// </summary>
/// <remarks>The Sesame algorithm of Signal for one pair of devices; docs/specs/sessions.md.</remarks>
public sealed class DeviceSessions : IDisposable
{
    private readonly List<RatchetSession> _archived = [];
    private readonly FarJumpBudget _farJumps = new();
    private RatchetSession? _current;
    private RemoteDevice? _changedTo;

    private DeviceSessions(NodeId localDevice, RemoteDevice remote)
    {
        LocalDevice = localDevice;
        Remote = remote;
    }

    /// <summary>This device.</summary>
    public NodeId LocalDevice { get; }

    /// <summary>The peer device, with the identity that was accepted.</summary>
    public RemoteDevice Remote { get; private set; }

    /// <summary>The identity that waits to be accepted, in <see cref="SessionPhase.IdentityChanged"/>.</summary>
    public RemoteDevice? ChangedTo => _changedTo;

    /// <summary>Sessions kept beside the current one.</summary>
    public int ArchivedCount => _archived.Count;

    /// <summary>Where it stands. An unanswered session also ends by time, which shows when sealing.</summary>
    public SessionPhase Phase => this switch
    {
        { _changedTo: not null } => SessionPhase.IdentityChanged,
        { _current: null } => SessionPhase.None,
        { _current.IsUnanswered: true } => SessionPhase.InitSent,
        _ => SessionPhase.Established,
    };

    /// <summary>The current session, for tests.</summary>
    internal RatchetSession? Current => _current;

    /// <summary>The archived sessions, newest last, for tests and the codec.</summary>
    internal IReadOnlyList<RatchetSession> Archived => _archived;

    /// <summary>The newest version of the peer's record that was seen.</summary>
    private uint NewestVersion => Math.Max(Remote.DeviceListVersion, _changedTo?.DeviceListVersion ?? 0);

    /// <summary>Starts without a session.</summary>
    /// <param name="localDevice">This device.</param>
    /// <param name="remote">The peer device, from its verified account record.</param>
    public static DeviceSessions New(NodeId localDevice, RemoteDevice remote) => new(localDevice, remote);

    /// <summary>Reads what <see cref="Export"/> wrote.</summary>
    /// <param name="state">Secret bytes; any others are refused.</param>
    /// <param name="sessions">The sessions, or null.</param>
    /// <returns>False if the bytes are corrupted.</returns>
    public static bool TryImport(ReadOnlySpan<byte> state, [NotNullWhen(true)] out DeviceSessions? sessions)
    {
        sessions = null;
        if (!DeviceSessionsCodec.TryRead(state, out DeviceSessionsState? read))
        {
            return false;
        }

        sessions = new DeviceSessions(read.LocalDevice, read.Remote)
        {
            _changedTo = read.ChangedTo,
            _current = read.Current,
        };
        sessions._archived.AddRange(read.Archived);
        return true;
    }

    /// <summary>The whole state. The same state gives the same bytes.</summary>
    /// <returns>Secret bytes: the caller zeroes them.</returns>
    public byte[] Export() => DeviceSessionsCodec.Write(
        new DeviceSessionsState(LocalDevice, Remote, _changedTo, _current, _archived));

    /// <summary>Seals a message.</summary>
    /// <param name="plaintext">At most <see cref="SessionLimits.PlaintextMaxBytes"/>; may be empty.</param>
    /// <param name="local">This device.</param>
    /// <param name="bundle">The peer device's bundle; used only when there is no session to send in.</param>
    /// <param name="now">The time.</param>
    /// <param name="random">For new keys.</param>
    public EncryptResult Encrypt(
        ReadOnlySpan<byte> plaintext,
        LocalDevice local,
        PrekeyBundle? bundle,
        DateTimeOffset now,
        IRandomSource random)
    {
        RequireLocal(local);
        if (plaintext.Length > SessionLimits.PlaintextMaxBytes)
        {
            return EncryptResult.Refused(EncryptStatus.TooLarge);
        }

        if (_changedTo is not null)
        {
            return EncryptResult.Refused(EncryptStatus.IdentityChanged);
        }

        if (_current is null || IsOver(_current, now))
        {
            if (bundle is null)
            {
                return EncryptResult.Refused(EncryptStatus.NeedsBundle);
            }

            RatchetSession? begun = Initiator.TryBegin(local, Remote, bundle, now, random);
            if (begun is null)
            {
                return EncryptResult.Refused(EncryptStatus.BundleRejected);
            }

            MakeCurrent(begun);
        }

        Invariant.Holds(_current is not null);
        byte[] message = _current.Seal(plaintext, LocalDevice, Remote.DeviceId, now, random);
        return new EncryptResult(EncryptStatus.Ok, message);
    }

    /// <summary>Opens a message.</summary>
    /// <param name="message">Untrusted bytes.</param>
    /// <param name="local">This device.</param>
    /// <param name="prekeys">Its private prekeys; only read.</param>
    /// <param name="claimedSender">The peer device as its newest verified account record lists it.</param>
    /// <param name="now">The time.</param>
    /// <param name="random">Not used by this version of the protocol.</param>
    /// <returns>The plaintext, and what the owner of the prekeys must do; or why not.</returns>
    /// <exception cref="ArgumentException">The sender is another device, or of another account.</exception>
    public DecryptResult Decrypt(
        ReadOnlySpan<byte> message,
        LocalDevice local,
        IPrekeySecrets prekeys,
        RemoteDevice claimedSender,
        DateTimeOffset now,
        IRandomSource random)
    {
        RequireLocal(local);
        RequireRemote(claimedSender);
        if (!IsAccepted(claimedSender))
        {
            Observe(claimedSender);
            return DecryptResult.Refused(DecryptStatus.IdentityChanged);
        }

        DecryptResult result = Decrypt(message, local, prekeys, now);
        if (result.Status == DecryptStatus.Ok)
        {
            // Only now: a message that fails changes nothing, the version of the sender's record neither.
            Observe(claimedSender);
        }

        return result;
    }

    /// <summary>
    /// Takes note of the peer device's newest account record. If it has other keys than the accepted ones, nothing goes
    /// in or out until <see cref="AcceptIdentity"/>, or until a record as new has the accepted keys again. A record
    /// older than one seen before is ignored.
    /// </summary>
    /// <param name="remote">The peer device, from its verified account record.</param>
    /// <returns>False if another identity waits to be accepted.</returns>
    /// <exception cref="ArgumentException">It is another device, or of another account.</exception>
    public bool Observe(RemoteDevice remote)
    {
        RequireRemote(remote);
        if (remote.DeviceListVersion >= NewestVersion)
        {
            bool isAccepted = remote.IsSameIdentity(Remote);
            Remote = isAccepted ? remote : Remote;
            _changedTo = isAccepted ? null : remote;
        }

        return _changedTo is null;
    }

    /// <summary>The user has accepted the peer's new identity: all sessions with the old one are deleted.</summary>
    /// <param name="expected">What the user has seen and accepted: the value of <see cref="ChangedTo"/>.</param>
    /// <returns>False, with nothing done, if none waits, or by now another one than expected.</returns>
    /// <exception cref="ArgumentException">It is another device, or of another account.</exception>
    public bool AcceptIdentity(RemoteDevice expected)
    {
        RequireRemote(expected);
        if (_changedTo is null || !_changedTo.IsSameIdentity(expected))
        {
            return false;
        }

        DropAll();
        Remote = _changedTo;
        _changedTo = null;
        return true;
    }

    /// <summary>
    /// Archives the current session, so that the next message starts a new one. For a peer that says it does not know
    /// the session.
    /// </summary>
    public void Reset()
    {
        Archive();
        _current = null;
    }

    /// <summary>Asks for fresh post-quantum keys at the next turn of the current session.</summary>
    public void RequestStep() => _current?.RequestStep();

    /// <inheritdoc/>
    public void Dispose() => DropAll();

    // An older record than one seen before says nothing. One as new with the accepted keys ends a change.
    private bool IsAccepted(RemoteDevice remote) =>
        remote.DeviceListVersion < NewestVersion ? _changedTo is null : remote.IsSameIdentity(Remote);

    private DecryptResult Decrypt(
        ReadOnlySpan<byte> message, LocalDevice local, IPrekeySecrets prekeys, DateTimeOffset now)
    {
        if (!SessionMessage.TryRead(message, out SessionMessage parsed))
        {
            return DecryptResult.Refused(DecryptStatus.Malformed);
        }

        RatchetSession? known = Find(parsed.Header.SessionId);
        if (known is not null)
        {
            return OpenKnown(known, parsed, now);
        }

        return parsed.HasInitial
            ? Accept(parsed, local, prekeys, now)
            : DecryptResult.Refused(DecryptStatus.UnknownSession);
    }

    private DecryptResult OpenKnown(RatchetSession session, in SessionMessage message, DateTimeOffset now)
    {
        DecryptStatus status = Open(session, message, now, out byte[]? plaintext);
        if (status != DecryptStatus.Ok)
        {
            return DecryptResult.Refused(status);
        }

        // Both sides prefer the same session once both know it, so crossing initiations converge.
        if (session != _current && _current is not null && Outranks(session, _current))
        {
            _archived.Remove(session);
            MakeCurrent(session);
        }

        return new DecryptResult(DecryptStatus.Ok, plaintext);
    }

    private DecryptResult Accept(
        in SessionMessage message, LocalDevice local, IPrekeySecrets prekeys, DateTimeOffset now)
    {
        DecryptStatus status = Responder.TryAccept(
            message.Initial, local, prekeys, Remote, now, out RatchetSession? session, out DecryptResult effects);
        if (session is null)
        {
            return DecryptResult.Refused(status);
        }

        byte[]? plaintext = null;
        status = message.Header.SessionId.SequenceEqual(session.Id)
            ? Open(session, message, now, out plaintext)
            : DecryptStatus.NotAuthentic;
        if (status != DecryptStatus.Ok)
        {
            session.Dispose();
            return DecryptResult.Refused(status);
        }

        // An unanswered session of ours and this one have crossed; otherwise the peer has begun anew and knows why.
        bool hasCrossed = _current is { IsUnanswered: true };
        if (hasCrossed && !Outranks(session, _current!))
        {
            AddArchived(session);
        }
        else
        {
            MakeCurrent(session);
        }

        return effects with { Plaintext = plaintext };
    }

    private DecryptStatus Open(
        RatchetSession session, in SessionMessage message, DateTimeOffset now, out byte[]? plaintext)
    {
        plaintext = null;
        ulong jump = session.Jump(message.Header);
        if (!_farJumps.Allows(jump, now))
        {
            return DecryptStatus.TooFarAhead;
        }

        DecryptStatus status = session.Open(
            message.Header, message.Clear, message.Body, Remote.DeviceId, LocalDevice, out plaintext);
        _farJumps.Note(jump, status, now);
        return status;
    }

    private RatchetSession? Find(ReadOnlySpan<byte> sessionId)
    {
        if (_current is not null && sessionId.SequenceEqual(_current.Id))
        {
            return _current;
        }

        for (int i = _archived.Count - 1; i >= 0; i--)
        {
            if (sessionId.SequenceEqual(_archived[i].Id))
            {
                return _archived[i];
            }
        }

        return null;
    }

    private static bool Outranks(RatchetSession session, RatchetSession other) =>
        session.CreatedMs != other.CreatedMs
            ? session.CreatedMs > other.CreatedMs
            : session.Id.SequenceCompareTo(other.Id) < 0;

    private static bool IsOver(RatchetSession session, DateTimeOffset now) =>
        session.IsUnanswered
        && SessionClock.HasPassed(
            session.CreatedMs, SessionClock.Milliseconds(now), SessionLimits.InitSentLifetime);

    private void MakeCurrent(RatchetSession session)
    {
        Archive();
        _current = session;
    }

    private void Archive()
    {
        if (_current is not null)
        {
            AddArchived(_current);
        }
    }

    private void AddArchived(RatchetSession session)
    {
        _archived.Add(session);
        if (_archived.Count > SessionLimits.ArchivedSessionsMax)
        {
            _archived[0].Dispose();
            _archived.RemoveAt(0);
        }

        Invariant.Holds(_archived.Count <= SessionLimits.ArchivedSessionsMax);
    }

    private void DropAll()
    {
        _current?.Dispose();
        _current = null;
        foreach (RatchetSession session in _archived)
        {
            session.Dispose();
        }

        _archived.Clear();
    }

    private void RequireLocal(LocalDevice local)
    {
        if (local.DeviceId != LocalDevice)
        {
            throw new ArgumentException("These sessions are of another device.", nameof(local));
        }
    }

    private void RequireRemote(RemoteDevice remote)
    {
        if (remote.DeviceId != Remote.DeviceId || remote.AccountId != Remote.AccountId)
        {
            throw new ArgumentException("These sessions are with another device or account.", nameof(remote));
        }
    }
}
