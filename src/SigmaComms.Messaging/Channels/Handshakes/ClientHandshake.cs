using System.Buffers;
using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Channels.KeyExchange;
using SigmaComms.Messaging.Channels.Records;

namespace SigmaComms.Messaging.Channels.Handshakes;

/// <summary>The client's side of the handshake.</summary>
/// <standard>RFC 8446, appendix A.1.</standard>
internal sealed class ClientHandshake : Handshake
{
    private readonly byte[] _clientRandom = new byte[ClientHello.RandomSize];
    private HandshakeType _expected = HandshakeType.ServerHello;
    private KeyOffer? _offer;
    private byte[]? _cookie;
    private bool _retried;

    public ClientHandshake(TlsOptions options, IRandomSource random, RecordWriter writer)
        : base(options, random, writer)
    {
        random.Fill(_clientRandom);
    }

    protected override ReadOnlySpan<byte> OwnLabel => HandshakeLabels.Client;

    protected override ReadOnlySpan<byte> PeerLabel => HandshakeLabels.Server;

    // RFC 8446, section 4.4.2.4: a server's certificate list is never empty.
    protected override TlsAlert NoCertificateAlert => TlsAlert.DecodeError;

    /// <summary>Sends the first ClientHello.</summary>
    public void Start(IBufferWriter<byte> toPeer)
    {
        Invariant.Holds(_offer is null);
        _offer = new KeyOffer(Options.Groups[0], Random);
        HelloExchanged = true;
        SendHello(toPeer, RecordLimits.FirstVersion);
    }

    public override bool Expects(HandshakeType type) =>
        type == _expected

        // A server that asks for no certificate is told why it is refused; it broke no rule of the standard.
        || (type == HandshakeType.Certificate && _expected == HandshakeType.CertificateRequest);

    public override TlsAlert? Handle(ReadOnlySpan<byte> message, DateTimeOffset now, IBufferWriter<byte> toPeer)
    {
        var type = (HandshakeType)message[0];
        return (_expected, type) switch
        {
            (HandshakeType.ServerHello, _) => OnServerHello(message, toPeer),
            (HandshakeType.EncryptedExtensions, _) => OnEncryptedExtensions(message),
            (HandshakeType.CertificateRequest, HandshakeType.Certificate) => TlsAlert.HandshakeFailure,
            (HandshakeType.CertificateRequest, _) => OnCertificateRequest(message),
            (HandshakeType.Certificate, _) =>
                Then(HandshakeType.CertificateVerify, OnCertificate(message, now)),
            (HandshakeType.CertificateVerify, _) => Then(HandshakeType.Finished, OnCertificateVerify(message)),
            _ => OnServerFinished(message, toPeer),
        };
    }

    public override void Dispose()
    {
        _offer?.Dispose();
        base.Dispose();
    }

    private TlsAlert? Then(HandshakeType expected, TlsAlert? fault)
    {
        _expected = expected;
        return fault;
    }

    private void SendHello(IBufferWriter<byte> toPeer, ushort recordVersion)
    {
        Invariant.Holds(_offer is not null);
        var extensions = new ExtensionSet()
            .Add(ExtensionType.SupportedVersions, ExtensionCodec.ClientVersions())
            .Add(ExtensionType.SupportedGroups, ExtensionCodec.U16List([.. Options.Groups.Select(g => (ushort)g)]))
            .Add(ExtensionType.SignatureAlgorithms, ExtensionCodec.U16List(ExtensionCodec.MlDsa65))
            .Add(ExtensionType.KeyShare, ExtensionCodec.ClientKeyShares(_offer.Group, _offer.Share));
        if (Options.ApplicationProtocol is { } protocol)
        {
            extensions.Add(ExtensionType.ApplicationProtocol, ExtensionCodec.ApplicationProtocol(protocol));
        }

        if (_cookie is not null)
        {
            extensions.Add(ExtensionType.Cookie, ExtensionCodec.Cookie(_cookie));
        }

        var hello = new ClientHello
        {
            Random = _clientRandom,
            Suites = [.. Options.Suites.Select(s => (ushort)s)],
            Extensions = extensions,
        };
        byte[] message = hello.Encode();
        Transcript.Append(message);
        Writer.Write(ContentType.Handshake, message, toPeer, recordVersion);
    }

    private TlsAlert? OnServerHello(ReadOnlySpan<byte> message, IBufferWriter<byte> toPeer)
    {
        if (ServerHello.TryParse(BodyOf(message), out ServerHello? hello) is { } fault)
        {
            return fault;
        }

        var suite = (TlsCipherSuite)hello!.Suite;
        if (hello.SessionId.Length != 0 || !Options.Suites.Contains(suite)
            || (Suite is not null && Suite.Suite != suite))
        {
            return TlsAlert.IllegalParameter;
        }

        Choose(SuiteProfile.Of(suite));
        if (hello.IsRetry)
        {
            return OnRetry(hello, message, toPeer);
        }

        if (hello.Extensions.HasOtherThan(ExtensionType.SupportedVersions, ExtensionType.KeyShare))
        {
            return TlsAlert.UnsupportedExtension;
        }

        return OnKeyShare(hello, message);
    }

    private TlsAlert? OnRetry(ServerHello hello, ReadOnlySpan<byte> message, IBufferWriter<byte> toPeer)
    {
        ExtensionSet extensions = hello.Extensions;
        bool hasGroup = extensions.Has(ExtensionType.KeyShare);
        bool hasCookie = extensions.Has(ExtensionType.Cookie);
        if (_retried)
        {
            return TlsAlert.UnexpectedMessage;
        }

        if (extensions.HasOtherThan(ExtensionType.SupportedVersions, ExtensionType.KeyShare, ExtensionType.Cookie))
        {
            return TlsAlert.UnsupportedExtension;
        }

        if (!hasGroup && !hasCookie)
        {
            return TlsAlert.IllegalParameter; // The second hello would be the first again.
        }

        if (hasGroup && OnRetryGroup(extensions.Content(ExtensionType.KeyShare)) is { } groupFault)
        {
            return groupFault;
        }

        if (hasCookie)
        {
            _cookie = ExtensionCodec.ReadCookie(extensions.Content(ExtensionType.Cookie));
            if (_cookie is null || _cookie.Length > HelloCookie.SizeMaxBytes)
            {
                return TlsAlert.DecodeError;
            }
        }

        _retried = true;
        Transcript.ReplaceByHash();
        Transcript.Append(message);
        SendHello(toPeer, RecordLimits.Version);
        return null;
    }

    private TlsAlert? OnRetryGroup(ReadOnlySpan<byte> content)
    {
        var reader = new WireReader(content);
        var group = (TlsGroup)reader.U16();
        if (!reader.AtEnd)
        {
            return TlsAlert.DecodeError;
        }

        if (!Options.Groups.Contains(group) || group == _offer!.Group)
        {
            return TlsAlert.IllegalParameter;
        }

        _offer.Dispose();
        _offer = new KeyOffer(group, Random);
        return null;
    }

    private TlsAlert? OnKeyShare(ServerHello hello, ReadOnlySpan<byte> message)
    {
        if (!hello.Extensions.Has(ExtensionType.KeyShare))
        {
            return TlsAlert.MissingExtension;
        }

        if (!ExtensionCodec.TryReadKeyShare(
                hello.Extensions.Content(ExtensionType.KeyShare), out TlsGroup group, out byte[] share))
        {
            return TlsAlert.DecodeError;
        }

        Span<byte> secret = stackalloc byte[HybridGroup.SecretSize];
        try
        {
            if (group != _offer!.Group || !_offer.TryAgree(share, secret))
            {
                return TlsAlert.IllegalParameter;
            }

            Transcript.Append(message);
            EnterHandshake(group, secret, out SecretBytes client, out SecretBytes server);
            WriteWith(client);
            ReadWith(server);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }

        _offer.Dispose();
        return Then(HandshakeType.EncryptedExtensions, null);
    }

    private TlsAlert? OnEncryptedExtensions(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(BodyOf(message));
        ReadOnlySpan<byte> list = reader.Opaque16();
        if (!reader.AtEnd)
        {
            return TlsAlert.DecodeError;
        }

        if (ExtensionSet.TryParse(list, out ExtensionSet extensions) is { } fault)
        {
            return fault;
        }

        if (extensions.Has(ExtensionType.KeyShare) || extensions.Has(ExtensionType.SupportedVersions)
            || extensions.Has(ExtensionType.SignatureAlgorithms))
        {
            return TlsAlert.IllegalParameter; // They were asked for, but belong elsewhere (section 4.2).
        }

        if (extensions.HasOtherThan(ExtensionType.SupportedGroups, ExtensionType.ApplicationProtocol)
            || (extensions.Has(ExtensionType.ApplicationProtocol) && Options.ApplicationProtocol is null))
        {
            return TlsAlert.UnsupportedExtension;
        }

        Transcript.Append(message);
        return Then(HandshakeType.CertificateRequest, OnApplicationProtocol(extensions));
    }

    private TlsAlert? OnApplicationProtocol(ExtensionSet extensions)
    {
        if (!extensions.Has(ExtensionType.ApplicationProtocol))
        {
            return null;
        }

        List<string>? names = ExtensionCodec.ReadApplicationProtocols(
            extensions.Content(ExtensionType.ApplicationProtocol));
        if (names is null || names.Count != 1)
        {
            return TlsAlert.DecodeError;
        }

        ApplicationProtocol = names[0];
        return names[0] == Options.ApplicationProtocol ? null : TlsAlert.IllegalParameter;
    }

    private TlsAlert? OnCertificateRequest(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(BodyOf(message));
        ReadOnlySpan<byte> context = reader.Opaque8();
        ReadOnlySpan<byte> list = reader.Opaque16();
        if (!reader.AtEnd)
        {
            return TlsAlert.DecodeError;
        }

        if (ExtensionSet.TryParse(list, out ExtensionSet extensions) is { } fault)
        {
            return fault;
        }

        if (!context.IsEmpty)
        {
            return TlsAlert.IllegalParameter; // Only after the handshake is it used.
        }

        if (!extensions.Has(ExtensionType.SignatureAlgorithms))
        {
            return TlsAlert.MissingExtension;
        }

        ushort[]? schemes = ExtensionCodec.ReadU16List(extensions.Content(ExtensionType.SignatureAlgorithms));
        if (schemes is null)
        {
            return TlsAlert.DecodeError;
        }

        Transcript.Append(message);
        TlsAlert? noScheme = schemes.Contains(ExtensionCodec.MlDsa65) ? null : TlsAlert.HandshakeFailure;
        return Then(HandshakeType.Certificate, noScheme);
    }

    private TlsAlert? OnServerFinished(ReadOnlySpan<byte> message, IBufferWriter<byte> toPeer)
    {
        if (OnFinished(message) is { } fault)
        {
            return fault;
        }

        EnterMaster(out SecretBytes client, out SecretBytes server);
        ReadWith(server);
        var flight = new WireWriter(16 * 1024);
        AddProof(flight);
        Writer.Write(ContentType.Handshake, flight.Written, toPeer);
        WriteWith(client);
        _expected = HandshakeType.None;
        IsDone = true;
        return null;
    }
}
