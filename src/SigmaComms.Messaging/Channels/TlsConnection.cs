using System.Buffers;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Channels.Handshakes;
using SigmaComms.Messaging.Channels.Records;

namespace SigmaComms.Messaging.Channels;

/// <summary>
/// One end of a TLS 1.3 connection of the node profile, without I/O: bytes and time in, bytes out.
/// Whatever the peer sends, nothing is thrown; a fault ends this connection with the right alert.
/// </summary>
/// <remarks>Not safe for use from two threads at the same time.</remarks>
/// <standard>RFC 8446; draft-ietf-tls-ecdhe-mlkem; draft-ietf-tls-mldsa. See docs/specs/channel.md.</standard>
public sealed class TlsConnection : IDisposable
{
    private readonly TlsOptions _options;
    private readonly RecordFramer _framer = new();
    private readonly RecordWriter _writer = new();
    private readonly HandshakeInbox _inbox = new();
    private readonly Handshake _handshake;
    private RecordProtection? _reader;
    private bool _openedAny;
    private bool _peerClosed;
    private bool _closed;
    private int _idleRecords;

    private TlsConnection(TlsOptions options, IRandomSource random, bool isClient)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Check();
        _options = options;
        IsClient = isClient;
        _handshake = isClient
            ? new ClientHandshake(options, random, _writer)
            : new ServerHandshake(options, random, _writer);
    }

    /// <summary>Whether this end is the client.</summary>
    public bool IsClient { get; }

    /// <summary>Where the connection stands.</summary>
    public TlsState State { get; private set; } = TlsState.Handshaking;

    /// <summary>The alert that this end sent last, if any.</summary>
    public TlsAlert? SentAlert { get; private set; }

    /// <summary>The alert that the peer sent last, if any.</summary>
    public TlsAlert? ReceivedAlert { get; private set; }

    /// <summary>The peer's ML-DSA-65 public key; empty until the connection is established.</summary>
    public ReadOnlyMemory<byte> PeerPublicKey { get; private set; }

    /// <summary>Who the peer is; default until the connection is established.</summary>
    public NodeId PeerId { get; private set; }

    /// <summary>The suite, once chosen.</summary>
    public TlsCipherSuite Suite => _handshake.Suite?.Suite ?? TlsCipherSuite.None;

    /// <summary>The group, once its secret was agreed.</summary>
    public TlsGroup Group => _handshake.Group;

    /// <summary>The agreed application protocol, or null.</summary>
    public string? ApplicationProtocol => _handshake.ApplicationProtocol;

    /// <summary>Bytes that the handshake sent.</summary>
    public int HandshakeBytesSent { get; private set; }

    /// <summary>Bytes that the handshake received.</summary>
    public int HandshakeBytesReceived { get; private set; }

    /// <summary>Records sent under the present key.</summary>
    public long RecordsSent => _writer.Protection?.RecordCount ?? 0;

    /// <summary>The writer of records: tests play a peer that breaks the rules with it.</summary>
    internal RecordWriter Records => _writer;

    /// <summary>Whether data can still be sent.</summary>
    public bool CanWrite => State == TlsState.Established && !_closed;

    /// <summary>Makes the client's end; call <see cref="Start"/> next.</summary>
    /// <param name="options">What this end offers and demands.</param>
    /// <param name="random">Used during the handshake.</param>
    public static TlsConnection Client(TlsOptions options, IRandomSource random) =>
        new(options, random, isClient: true);

    /// <summary>Makes the server's end.</summary>
    /// <param name="options">What this end offers and demands.</param>
    /// <param name="random">Used during the handshake.</param>
    public static TlsConnection Server(TlsOptions options, IRandomSource random) =>
        new(options, random, isClient: false);

    /// <summary>Client: writes the first message, once.</summary>
    /// <param name="toPeer">Receives bytes to send.</param>
    /// <exception cref="InvalidOperationException">This end is a server, or has started.</exception>
    public void Start(IBufferWriter<byte> toPeer)
    {
        ArgumentNullException.ThrowIfNull(toPeer);
        if (_handshake is not ClientHandshake client || client.HelloExchanged || State != TlsState.Handshaking)
        {
            throw new InvalidOperationException("Only a client starts, and once.");
        }

        client.Start(toPeer);
        HandshakeBytesSent = (int)_writer.BytesWritten;
    }

    /// <summary>Takes bytes from the peer, in any portions.</summary>
    /// <param name="fromPeer">Untrusted bytes; all are taken, or none after the end.</param>
    /// <param name="now">The present time, for the peer's certificate.</param>
    /// <param name="toPeer">Receives bytes to send, such as answers and alerts.</param>
    /// <param name="plaintext">Receives authentic application data.</param>
    public TlsStatus Receive(
        ReadOnlySpan<byte> fromPeer, DateTimeOffset now, IBufferWriter<byte> toPeer, IBufferWriter<byte> plaintext)
    {
        ArgumentNullException.ThrowIfNull(toPeer);
        ArgumentNullException.ThrowIfNull(plaintext);
        while (IsReading && _framer.TryTake(ref fromPeer, out Record record, out TlsAlert? fault) | fault is not null)
        {
            bool wasHandshaking = State == TlsState.Handshaking;
            if (wasHandshaking)
            {
                HandshakeBytesReceived += record.Header.Length + record.Body.Length;
            }

            fault ??= OnRecord(record, now, toPeer, plaintext);
            if (fault is { } alert)
            {
                Fail(alert, toPeer);
            }

            if (wasHandshaking)
            {
                HandshakeBytesSent = (int)_writer.BytesWritten;
            }
        }

        if (State == TlsState.Failed)
        {
            return TlsStatus.Failed;
        }

        return _peerClosed ? TlsStatus.PeerClosed : TlsStatus.Open;
    }

    /// <summary>Sends application data.</summary>
    /// <param name="plaintext">Any number of bytes; cut into records.</param>
    /// <param name="toPeer">Receives bytes to send.</param>
    /// <returns>False, with nothing written, if the connection is not established or was closed.</returns>
    public bool Write(ReadOnlySpan<byte> plaintext, IBufferWriter<byte> toPeer)
    {
        ArgumentNullException.ThrowIfNull(toPeer);
        if (!CanWrite)
        {
            return false;
        }

        while (!plaintext.IsEmpty)
        {
            if (RecordsSent >= _options.RecordsPerKey)
            {
                SendKeyUpdate(requestPeer: false, toPeer);
            }

            int size = Math.Min(plaintext.Length, RecordLimits.ContentMax);
            _writer.Write(ContentType.ApplicationData, plaintext[..size], toPeer);
            plaintext = plaintext[size..];
        }

        return true;
    }

    /// <summary>Renews this end's sending key.</summary>
    /// <param name="requestPeer">Whether the peer must renew its own too.</param>
    /// <param name="toPeer">Receives bytes to send.</param>
    /// <returns>False if the connection is not established or was closed.</returns>
    public bool UpdateKeys(bool requestPeer, IBufferWriter<byte> toPeer)
    {
        ArgumentNullException.ThrowIfNull(toPeer);
        if (!CanWrite)
        {
            return false;
        }

        SendKeyUpdate(requestPeer, toPeer);
        return true;
    }

    /// <summary>Says that this end sends no more. What the peer still sends can be received.</summary>
    /// <param name="toPeer">Receives bytes to send.</param>
    public void Close(IBufferWriter<byte> toPeer)
    {
        ArgumentNullException.ThrowIfNull(toPeer);
        if (_closed || State == TlsState.Failed)
        {
            return;
        }

        SendAlert(TlsAlert.CloseNotify, toPeer);
        _closed = true;
        _writer.Dispose();
        State = _peerClosed || State == TlsState.Handshaking ? TlsState.Closed : State;
    }

    /// <summary>Zeroes all secrets. May be called twice.</summary>
    public void Dispose()
    {
        ZeroSecrets();
        _closed = true;
        State = State == TlsState.Failed ? TlsState.Failed : TlsState.Closed;
    }

    private bool IsReading => State is TlsState.Handshaking or TlsState.Established && !_peerClosed;

    private TlsAlert? OnRecord(
        Record record, DateTimeOffset now, IBufferWriter<byte> toPeer, IBufferWriter<byte> plaintext)
    {
        if (record.Type == ContentType.ChangeCipherSpec)
        {
            return OnChangeCipherSpec(record);
        }

        if (_reader is null)
        {
            return OnContent(record.Type, record.Body, now, toPeer);
        }

        // A client that failed before it had keys can tell so only in plain (RFC 8446, section 6).
        if (record.Type == ContentType.Alert && !IsClient && !_openedAny)
        {
            return OnAlert(record.Body);
        }

        return record.Type == ContentType.ApplicationData
            ? OnSealed(record, now, toPeer, plaintext)
            : TlsAlert.UnexpectedMessage;
    }

    // Section 5: during the handshake one byte of value 1 is dropped, anything else of the kind is an error.
    private TlsAlert? OnChangeCipherSpec(Record record) =>
        State == TlsState.Handshaking && _handshake.HelloExchanged && _inbox.IsEmpty && record.Body is [1]
            ? CountIdle()
            : TlsAlert.UnexpectedMessage;

    private TlsAlert? OnSealed(
        Record record, DateTimeOffset now, IBufferWriter<byte> toPeer, IBufferWriter<byte> plaintext)
    {
        int innerSize = record.Body.Length - RecordLimits.TagSize;
        if (innerSize < 1)
        {
            return TlsAlert.BadRecordMac;
        }

        // Data is opened where it will lie. It counts as handed over only after it proved authentic.
        Span<byte> inner = State == TlsState.Established
            ? plaintext.GetSpan(innerSize)[..innerSize]
            : new byte[innerSize];
        if (!_reader!.TryOpen(record, inner))
        {
            return TlsAlert.BadRecordMac;
        }

        _openedAny = true;
        int typeAt = inner.LastIndexOfAnyExcept((byte)0);
        if (typeAt < 0)
        {
            return TlsAlert.UnexpectedMessage; // Section 5.4: all padding and no type.
        }

        if (typeAt > RecordLimits.ContentMax)
        {
            inner.Clear();
            return TlsAlert.RecordOverflow;
        }

        var type = (ContentType)inner[typeAt];
        if (type == ContentType.ApplicationData && State == TlsState.Established && _inbox.IsEmpty)
        {
            plaintext.Advance(typeAt);
            _idleRecords = typeAt > 0 ? 0 : _idleRecords;
            return typeAt > 0 ? null : CountIdle();
        }

        byte[] content = inner[..typeAt].ToArray();
        inner.Clear();
        return OnContent(type, content, now, toPeer);
    }

    private TlsAlert? OnContent(
        ContentType type, ReadOnlySpan<byte> content, DateTimeOffset now, IBufferWriter<byte> toPeer)
    {
        // Section 5.1: nothing may come between the fragments of a handshake message.
        if (type != ContentType.Handshake && !_inbox.IsEmpty)
        {
            return TlsAlert.UnexpectedMessage;
        }

        return type switch
        {
            ContentType.Handshake when content.Length > 0 => OnHandshakeFragment(content, now, toPeer),
            ContentType.Alert => OnAlert(content),
            _ => TlsAlert.UnexpectedMessage,
        };
    }

    private TlsAlert? OnHandshakeFragment(ReadOnlySpan<byte> content, DateTimeOffset now, IBufferWriter<byte> toPeer)
    {
        // A piece of a message counts whether or not it completes one: pieces of one byte cost a record each.
        if (State != TlsState.Handshaking && CountIdle() is { } idle)
        {
            return idle;
        }

        _inbox.Append(content);
        while (!_inbox.IsEmpty)
        {
            if (!IsExpected(_inbox.NextType))
            {
                return TlsAlert.UnexpectedMessage;
            }

            if (!_inbox.TryTake(out byte[] message, out TlsAlert? fault))
            {
                return fault;
            }

            fault = State == TlsState.Handshaking
                ? OnHandshakeMessage(message, now, toPeer)
                : OnLaterMessage(message, toPeer);
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    private bool IsExpected(HandshakeType type) => State == TlsState.Handshaking
        ? _handshake.Expects(type)
        : type == HandshakeType.KeyUpdate || (type == HandshakeType.NewSessionTicket && IsClient);

    private TlsAlert? OnHandshakeMessage(byte[] message, DateTimeOffset now, IBufferWriter<byte> toPeer)
    {
        if (_handshake.Handle(message, now, toPeer) is { } fault)
        {
            return fault;
        }

        if (_handshake.TakeReader() is { } reader)
        {
            _reader?.Dispose();
            _reader = reader;
            _framer.IsProtected = true;
            if (!_inbox.IsEmpty)
            {
                return TlsAlert.UnexpectedMessage; // Section 5.1: a key change ends a record.
            }
        }

        if (_handshake.IsDone)
        {
            PeerPublicKey = _handshake.Peer!.PublicKey;
            PeerId = _handshake.Peer.Id;
            State = TlsState.Established;
            _idleRecords = 0;
            _handshake.Dispose();
        }

        return null;
    }

    private TlsAlert? OnLaterMessage(byte[] message, IBufferWriter<byte> toPeer)
    {
        if ((HandshakeType)message[0] == HandshakeType.NewSessionTicket)
        {
            return null; // Sessions are not resumed; the ticket is dropped.
        }

        if (message.Length != HandshakeMessage.HeaderSize + 1)
        {
            return TlsAlert.DecodeError;
        }

        byte request = message[^1];
        if (request > 1)
        {
            return TlsAlert.IllegalParameter;
        }

        if (!_inbox.IsEmpty)
        {
            return TlsAlert.UnexpectedMessage;
        }

        _reader!.Update();
        if (request == 1 && !_closed)
        {
            SendKeyUpdate(requestPeer: false, toPeer);
        }

        return null;
    }

    // A peer that keeps this end busy without sending data is cut off.
    private TlsAlert? CountIdle() =>
        ++_idleRecords > RecordLimits.IdleRecordsMax ? TlsAlert.UnexpectedMessage : null;

    private TlsAlert? OnAlert(ReadOnlySpan<byte> content)
    {
        if (content.Length != 2)
        {
            // Section 5.4: an empty one has an alert of its own.
            return content.IsEmpty ? TlsAlert.UnexpectedMessage : TlsAlert.DecodeError;
        }

        // Section 6: the level is ignored; every alert but these two is fatal.
        var alert = (TlsAlert)content[1];
        if (alert == TlsAlert.UserCanceled)
        {
            return CountIdle();
        }

        ReceivedAlert = alert;
        if (alert != TlsAlert.CloseNotify)
        {
            State = TlsState.Failed;
            ZeroSecrets();
            return null;
        }

        _peerClosed = true;
        _reader?.Dispose();
        _framer.Clear();
        State = _closed || State == TlsState.Handshaking ? TlsState.Closed : State;
        return null;
    }

    private void SendKeyUpdate(bool requestPeer, IBufferWriter<byte> toPeer)
    {
        byte[] message = HandshakeMessage.Build(HandshakeType.KeyUpdate, [requestPeer ? (byte)1 : (byte)0]);
        _writer.Write(ContentType.Handshake, message, toPeer);
        _writer.Protection!.Update();
    }

    private void SendAlert(TlsAlert alert, IBufferWriter<byte> toPeer)
    {
        bool isClosure = alert is TlsAlert.CloseNotify or TlsAlert.UserCanceled;
        _writer.Write(ContentType.Alert, [isClosure ? (byte)1 : (byte)2, (byte)alert], toPeer);
        SentAlert = alert;
    }

    private void Fail(TlsAlert alert, IBufferWriter<byte> toPeer)
    {
        if (!_closed)
        {
            SendAlert(alert, toPeer);
        }

        SentAlert = alert;
        State = TlsState.Failed;
        ZeroSecrets();
    }

    private void ZeroSecrets()
    {
        _handshake.Dispose();
        _writer.Dispose();
        _reader?.Dispose();
        _framer.Clear();
        _inbox.Clear();
    }
}
