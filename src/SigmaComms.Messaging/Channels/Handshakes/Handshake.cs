using System.Buffers;
using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Channels.Certificates;
using SigmaComms.Messaging.Channels.KeyExchange;
using SigmaComms.Messaging.Channels.Records;

namespace SigmaComms.Messaging.Channels.Handshakes;

/// <summary>What both roles of a handshake have in common: keys, transcript, certificates and Finished.</summary>
/// <standard>RFC 8446, sections 4.4 and 7.1.</standard>
internal abstract class Handshake : IDisposable
{
    private const int PaddingSize = 64;

    private readonly TlsOptions _options;
    private readonly IRandomSource _random;
    private readonly RecordWriter _writer;
    private KeySchedule? _schedule;
    private RecordProtection? _reading;
    private RecordProtection? _nextReading;

    protected Handshake(TlsOptions options, IRandomSource random, RecordWriter writer)
    {
        _options = options;
        _random = random;
        _writer = writer;
    }

    /// <summary>The suite, once it was chosen.</summary>
    public SuiteProfile? Suite { get; private set; }

    /// <summary>The group, once its secret was agreed.</summary>
    public TlsGroup Group { get; private set; }

    /// <summary>The application protocol, if one was agreed.</summary>
    public string? ApplicationProtocol { get; protected set; }

    /// <summary>The peer's certificate; its key is proved only when the handshake is done.</summary>
    public NodeCertificate? Peer { get; private set; }

    /// <summary>Whether both sides are authentic.</summary>
    public bool IsDone { get; protected set; }

    /// <summary>Whether a ClientHello was sent or received, after which a change_cipher_spec is tolerated.</summary>
    public bool HelloExchanged { get; protected set; }

    protected TlsOptions Options => _options;

    protected IRandomSource Random => _random;

    protected RecordWriter Writer => _writer;

    protected Transcript Transcript { get; } = new();

    protected abstract ReadOnlySpan<byte> OwnLabel { get; }

    protected abstract ReadOnlySpan<byte> PeerLabel { get; }

    /// <summary>What the peer is told if it has no certificate.</summary>
    protected abstract TlsAlert NoCertificateAlert { get; }

    /// <summary>Whether a kind of message is allowed now.</summary>
    public abstract bool Expects(HandshakeType type);

    /// <summary>Takes one whole message of an expected kind.</summary>
    /// <returns>Null, or the alert to send.</returns>
    public abstract TlsAlert? Handle(ReadOnlySpan<byte> message, DateTimeOffset now, IBufferWriter<byte> toPeer);

    /// <summary>The new key of the peer's records, if the last message brought one; the caller owns it.</summary>
    public RecordProtection? TakeReader()
    {
        RecordProtection? next = _nextReading;
        _reading = next ?? _reading;
        _nextReading = null;
        return next;
    }

    public virtual void Dispose()
    {
        Transcript.Dispose();
        _schedule?.Dispose();
        _nextReading?.Dispose();
    }

    protected static ReadOnlySpan<byte> BodyOf(ReadOnlySpan<byte> message) => message[HandshakeMessage.HeaderSize..];

    protected void Choose(SuiteProfile suite)
    {
        Suite = suite;
        Transcript.Use(suite);
    }

    /// <summary>Enters the handshake secret, with the transcript up to ServerHello.</summary>
    protected void EnterHandshake(
        TlsGroup group, ReadOnlySpan<byte> secret, out SecretBytes client, out SecretBytes server)
    {
        Invariant.Holds(_schedule is null && Suite is not null && secret.Length == HybridGroup.SecretSize);
        Group = group;
        _schedule = new KeySchedule(Suite);
        _schedule.EnterHandshake(secret);
        byte[] hash = Transcript.Current();
        client = _schedule.Derive("c hs traffic", hash);
        server = _schedule.Derive("s hs traffic", hash);
    }

    /// <summary>Enters the master secret, with the transcript up to the server's Finished.</summary>
    protected void EnterMaster(out SecretBytes client, out SecretBytes server)
    {
        Invariant.Holds(_schedule is not null);
        _schedule.EnterMaster();
        byte[] hash = Transcript.Current();
        client = _schedule.Derive("c ap traffic", hash);
        server = _schedule.Derive("s ap traffic", hash);
        _schedule.Dispose();
    }

    protected void ReadWith(SecretBytes trafficSecret)
    {
        _nextReading?.Dispose();
        _nextReading = new RecordProtection(Suite!, trafficSecret);
    }

    protected void WriteWith(SecretBytes trafficSecret) => _writer.Use(new RecordProtection(Suite!, trafficSecret));

    /// <summary>Adds Certificate, CertificateVerify and Finished to a flight and to the transcript.</summary>
    protected void AddProof(WireWriter flight)
    {
        Add(flight, CertificateMessage.Encode(_options.Identity.CertificateDer.Span));
        byte[] content = SignedContent(OwnLabel);
        byte[] signature = _options.Identity.Key.Sign(content, default, _random);
        byte[] body = new WireWriter(signature.Length + 4).U16(ExtensionCodec.MlDsa65).Opaque16(signature).ToArray();
        Add(flight, HandshakeMessage.Build(HandshakeType.CertificateVerify, body));
        Invariant.Holds(_writer.Protection is not null);
        byte[] verifyData = new byte[Suite!.HashSize];
        _writer.Protection.Finished(Transcript.Current(), verifyData);
        Add(flight, HandshakeMessage.Build(HandshakeType.Finished, verifyData));
    }

    protected void Add(WireWriter flight, ReadOnlySpan<byte> message)
    {
        flight.Fixed(message);
        Transcript.Append(message);
    }

    protected TlsAlert? OnCertificate(ReadOnlySpan<byte> message, DateTimeOffset now)
    {
        TlsAlert? fault = CertificateMessage.TryParse(BodyOf(message), NoCertificateAlert, out NodeCertificate? parsed);
        if (fault is not null)
        {
            return fault;
        }

        if (!parsed!.IsValidAt(now))
        {
            return TlsAlert.CertificateExpired;
        }

        Peer = parsed;
        Transcript.Append(message);
        return null;
    }

    protected TlsAlert? OnCertificateVerify(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(BodyOf(message));
        ushort scheme = reader.U16();
        ReadOnlySpan<byte> signature = reader.Opaque16();
        if (!reader.AtEnd)
        {
            return TlsAlert.DecodeError;
        }

        if (scheme != ExtensionCodec.MlDsa65)
        {
            return TlsAlert.IllegalParameter;
        }

        if (!Peer!.Key.Verify(SignedContent(PeerLabel), default, signature))
        {
            return TlsAlert.DecryptError;
        }

        Transcript.Append(message);

        // Only now is it known that the peer holds the key, so only now is it worth to ask.
        return _options.AcceptPeer is null || _options.AcceptPeer(Peer.Id) ? null : TlsAlert.AccessDenied;
    }

    protected TlsAlert? OnFinished(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> received = BodyOf(message);
        Invariant.Holds(_reading is not null);
        if (received.Length != Suite!.HashSize)
        {
            return TlsAlert.DecodeError;
        }

        Span<byte> expected = stackalloc byte[SuiteProfile.HashSizeMax];
        expected = expected[..Suite.HashSize];
        _reading.Finished(Transcript.Current(), expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, received))
        {
            return TlsAlert.DecryptError;
        }

        Transcript.Append(message);
        return null;
    }

    // RFC 8446, section 4.4.3: 64 spaces, the role's label, a zero, the transcript's hash.
    private byte[] SignedContent(ReadOnlySpan<byte> label)
    {
        byte[] hash = Transcript.Current();
        var content = new WireWriter(PaddingSize + label.Length + 1 + hash.Length);
        Span<byte> spaces = stackalloc byte[PaddingSize];
        spaces.Fill((byte)' ');
        return content.Fixed(spaces).Fixed(label).U8(0).Fixed(hash).ToArray();
    }
}
