using System.Buffers;
using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Channels.KeyExchange;
using SigmaComms.Messaging.Channels.Records;

namespace SigmaComms.Messaging.Channels.Handshakes;

/// <summary>The server's side of the handshake.</summary>
/// <standard>RFC 8446, appendix A.2.</standard>
internal sealed class ServerHandshake(TlsOptions options, IRandomSource random, RecordWriter writer)
    : Handshake(options, random, writer)
{
    private HandshakeType _expected = HandshakeType.ClientHello;
    private SecretBytes? _clientTraffic;
    private TlsGroup _retryGroup;
    private bool _retried;
    private bool _cookieSent;
    private bool _changeCipherSpecSent;

    protected override ReadOnlySpan<byte> OwnLabel => HandshakeLabels.Server;

    protected override ReadOnlySpan<byte> PeerLabel => HandshakeLabels.Client;

    protected override TlsAlert NoCertificateAlert => TlsAlert.CertificateRequired;

    public override bool Expects(HandshakeType type) => type == _expected;

    public override TlsAlert? Handle(ReadOnlySpan<byte> message, DateTimeOffset now, IBufferWriter<byte> toPeer)
    {
        return _expected switch
        {
            HandshakeType.ClientHello => OnClientHello(message, now, toPeer),
            HandshakeType.Certificate => Then(HandshakeType.CertificateVerify, OnCertificate(message, now)),
            HandshakeType.CertificateVerify => Then(HandshakeType.Finished, OnCertificateVerify(message)),
            _ => OnClientFinished(message),
        };
    }

    public override void Dispose()
    {
        _clientTraffic?.Dispose();
        base.Dispose();
    }

    private TlsAlert? Then(HandshakeType expected, TlsAlert? fault)
    {
        _expected = expected;
        return fault;
    }

    private TlsAlert? OnClientHello(ReadOnlySpan<byte> message, DateTimeOffset now, IBufferWriter<byte> toPeer)
    {
        HelloExchanged = true;
        if (ClientHello.TryParse(BodyOf(message), out ClientHello? hello) is { } fault)
        {
            return fault;
        }

        if (HelloChoice.TryMake(hello!, Options, out HelloChoice? choice) is { } choiceFault)
        {
            return choiceFault;
        }

        bool hasCookie = hello!.Extensions.Has(ExtensionType.Cookie);
        if (hasCookie && ResumeFromCookie(hello, now) is { } cookieFault)
        {
            return cookieFault;
        }

        if (_cookieSent && !hasCookie)
        {
            return TlsAlert.MissingExtension;
        }

        if (_retried)
        {
            return IsRetryFollowed(choice!) ? Accept(hello, choice!, message, toPeer) : TlsAlert.IllegalParameter;
        }

        bool isShareMissing = choice!.Share is null;
        if (isShareMissing || Options.RequireCookie)
        {
            Retry(hello, choice, message, now, toPeer);
            return null;
        }

        return Accept(hello, choice, message, toPeer);
    }

    // The second hello must do what was asked (section 4.1.2): one share, of that group, and nothing else chosen.
    private bool IsRetryFollowed(HelloChoice choice) =>
        choice.Suite == Suite && choice.Share is not null
        && (_retryGroup == TlsGroup.None || (choice.Group == _retryGroup && choice.ShareCount == 1));

    private TlsAlert? ResumeFromCookie(ClientHello hello, DateTimeOffset now)
    {
        byte[]? content = ExtensionCodec.ReadCookie(hello.Extensions.Content(ExtensionType.Cookie));
        if (content is null)
        {
            return TlsAlert.DecodeError;
        }

        HelloCookie? cookie = HelloCookie.Open(content, Options, now);
        if (cookie is null || (Suite is not null && Suite != cookie.Suite))
        {
            return TlsAlert.IllegalParameter;
        }

        // All that the server knows of the first hello is in the cookie.
        _retried = true;
        _retryGroup = cookie.RetryGroup;
        Choose(cookie.Suite);
        Transcript.StartFrom(cookie.FirstHelloHash);
        Transcript.Append(EncodeRetry(hello, cookie.Suite, cookie.RetryGroup, content));
        return null;
    }

    private void Retry(
        ClientHello hello,
        HelloChoice choice,
        ReadOnlySpan<byte> message,
        DateTimeOffset now,
        IBufferWriter<byte> toPeer)
    {
        Choose(choice.Suite);
        Transcript.Append(message);
        _retried = true;
        _retryGroup = choice.Share is null ? choice.Group : TlsGroup.None;
        byte[]? cookie = null;
        if (Options.RequireCookie)
        {
            cookie = new HelloCookie(choice.Suite, _retryGroup, Transcript.Current()).Seal(Options, now);
            _cookieSent = true;
        }

        byte[] retry = EncodeRetry(hello, choice.Suite, _retryGroup, cookie);
        Transcript.ReplaceByHash();
        Transcript.Append(retry);
        Writer.Write(ContentType.Handshake, retry, toPeer);
        SendChangeCipherSpec(hello, toPeer);
    }

    private static byte[] EncodeRetry(ClientHello hello, SuiteProfile suite, TlsGroup group, byte[]? cookie)
    {
        var extensions = new ExtensionSet()
            .Add(ExtensionType.SupportedVersions, ExtensionCodec.U16(ExtensionCodec.Version13));
        if (group != TlsGroup.None)
        {
            extensions.Add(ExtensionType.KeyShare, ExtensionCodec.U16((ushort)group));
        }

        if (cookie is not null)
        {
            extensions.Add(ExtensionType.Cookie, ExtensionCodec.Cookie(cookie));
        }

        return EncodeHello(ServerHello.NewRetryRandom(), hello, suite, extensions);
    }

    private static byte[] EncodeHello(
        byte[] serverRandom, ClientHello hello, SuiteProfile suite, ExtensionSet extensions)
    {
        var answer = new ServerHello
        {
            Random = serverRandom,
            SessionId = hello.SessionId,
            Suite = (ushort)suite.Suite,
            Extensions = extensions,
        };
        return answer.Encode();
    }

    // Appendix D.4: a client in compatibility mode, which sends a session id, is answered in kind, once.
    private void SendChangeCipherSpec(ClientHello hello, IBufferWriter<byte> toPeer)
    {
        if (hello.SessionId.Length > 0 && !_changeCipherSpecSent)
        {
            _changeCipherSpecSent = true;
            Writer.WriteChangeCipherSpec(toPeer);
        }
    }

    private TlsAlert? Accept(
        ClientHello hello, HelloChoice choice, ReadOnlySpan<byte> message, IBufferWriter<byte> toPeer)
    {
        Choose(choice.Suite);
        Transcript.Append(message);
        HybridGroup group = HybridGroup.Of(choice.Group);
        byte[] share = new byte[group.ServerShareSize];
        Span<byte> secret = stackalloc byte[HybridGroup.SecretSize];
        try
        {
            if (!group.TryAnswer(choice.Share, Random, share, secret))
            {
                return TlsAlert.IllegalParameter;
            }

            SendServerHello(hello, choice, share, toPeer);
            EnterHandshake(choice.Group, secret, out SecretBytes client, out SecretBytes server);
            WriteWith(server);
            ReadWith(client);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }

        SendFlight(choice, toPeer);
        return Then(HandshakeType.Certificate, null);
    }

    private void SendServerHello(ClientHello hello, HelloChoice choice, byte[] share, IBufferWriter<byte> toPeer)
    {
        byte[] serverRandom = new byte[ClientHello.RandomSize];
        Random.Fill(serverRandom);
        var extensions = new ExtensionSet()
            .Add(ExtensionType.SupportedVersions, ExtensionCodec.U16(ExtensionCodec.Version13))
            .Add(ExtensionType.KeyShare, ExtensionCodec.KeyShare(choice.Group, share));
        byte[] answer = EncodeHello(serverRandom, hello, choice.Suite, extensions);
        Transcript.Append(answer);
        Writer.Write(ContentType.Handshake, answer, toPeer);
        SendChangeCipherSpec(hello, toPeer);
    }

    private void SendFlight(HelloChoice choice, IBufferWriter<byte> toPeer)
    {
        var flight = new WireWriter(16 * 1024);
        var extensions = new ExtensionSet();
        if (choice.ApplicationProtocol is { } protocol)
        {
            ApplicationProtocol = protocol;
            extensions.Add(ExtensionType.ApplicationProtocol, ExtensionCodec.ApplicationProtocol(protocol));
        }

        var body = new WireWriter();
        extensions.WriteTo(body);
        Add(flight, HandshakeMessage.Build(HandshakeType.EncryptedExtensions, body.Written));

        var request = new WireWriter().Opaque8(default);
        new ExtensionSet()
            .Add(ExtensionType.SignatureAlgorithms, ExtensionCodec.U16List(ExtensionCodec.MlDsa65))
            .WriteTo(request);
        Add(flight, HandshakeMessage.Build(HandshakeType.CertificateRequest, request.Written));

        AddProof(flight);
        Writer.Write(ContentType.Handshake, flight.Written, toPeer);
        EnterMaster(out SecretBytes client, out SecretBytes server);
        _clientTraffic = client;
        WriteWith(server);
    }

    private TlsAlert? OnClientFinished(ReadOnlySpan<byte> message)
    {
        if (OnFinished(message) is { } fault)
        {
            return fault;
        }

        Invariant.Holds(_clientTraffic is not null);
        ReadWith(_clientTraffic);
        _clientTraffic = null;
        _expected = HandshakeType.None;
        IsDone = true;
        return null;
    }
}
