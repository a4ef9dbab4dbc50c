using SigmaComms.Messaging.Channels;
using SigmaComms.Messaging.Channels.Handshakes;

namespace SigmaComms.Messaging.Tests.Channels;

/// <summary>What a server answers to a first message that is wrong: the alert that RFC 8446 names.</summary>
public sealed class ServerAlertTests
{
    private const ExtensionType Versions = ExtensionType.SupportedVersions;
    private const ExtensionType Groups = ExtensionType.SupportedGroups;
    private const ExtensionType Schemes = ExtensionType.SignatureAlgorithms;
    private const ExtensionType Shares = ExtensionType.KeyShare;
    private const ExtensionType Alpn = ExtensionType.ApplicationProtocol;
    private const TlsGroup X25519 = TlsGroup.X25519MlKem768;
    private const TlsGroup P256 = TlsGroup.SecP256r1MlKem768;

    private static readonly byte[] Suites = [0x13, 0x02];

    private static readonly Dictionary<string, (TlsAlert Alert, Func<byte[]> Message)> Messages = new()
    {
        ["no extensions at all"] = (TlsAlert.ProtocolVersion, Hellos.Old),
        ["no versions"] = (TlsAlert.ProtocolVersion, () => Hellos.With(Versions, null)),
        ["only TLS 1.2"] = (TlsAlert.ProtocolVersion, () => Hellos.With(Versions, [2, 3, 3])),
        ["versions of odd length"] = (TlsAlert.DecodeError, () => Hellos.With(Versions, [3, 3, 4, 3])),
        ["legacy version 3.1"] = (TlsAlert.IllegalParameter, () => Hellos.WithMiddle(0x0301, [], Suites, [0])),
        ["a compression"] = (TlsAlert.IllegalParameter, () => Hellos.WithMiddle(0x0303, [], Suites, [1])),
        ["two compressions"] = (TlsAlert.IllegalParameter, () => Hellos.WithMiddle(0x0303, [], Suites, [0, 1])),
        ["no compression"] = (TlsAlert.DecodeError, () => Hellos.WithMiddle(0x0303, [], Suites, [])),
        ["no suites"] = (TlsAlert.DecodeError, () => Hellos.WithMiddle(0x0303, [], [], [0])),
        ["suites of odd length"] = (TlsAlert.DecodeError, () => Hellos.WithMiddle(0x0303, [], [0x13, 2, 3], [0])),
        ["long session id"] = (TlsAlert.DecodeError, () => Hellos.WithMiddle(0x0303, new byte[33], Suites, [0])),
        ["no common suite"] = (TlsAlert.HandshakeFailure, () => Hellos.WithSuites(0x1303, 0xC02F)),
        ["no common signature"] = (TlsAlert.HandshakeFailure, () => Hellos.With(Schemes, [0, 4, 4, 3, 8, 4])),
        ["no signatures"] = (TlsAlert.MissingExtension, () => Hellos.With(Schemes, null)),
        ["no groups"] = (TlsAlert.MissingExtension, () => Hellos.With(Groups, null)),
        ["no shares"] = (TlsAlert.MissingExtension, () => Hellos.With(Shares, null)),
        ["empty groups"] = (TlsAlert.DecodeError, () => Hellos.With(Groups, [0, 0])),
        ["empty signatures"] = (TlsAlert.DecodeError, () => Hellos.With(Schemes, [0, 0])),
        ["an empty share"] = (TlsAlert.DecodeError, () => Hellos.With(Shares, [0, 4, 0x11, 0xEC, 0, 0])),
        ["a share of no listed group"] = (TlsAlert.IllegalParameter, () => Hellos.With(Groups, [0, 2, 0x11, 0xEB])),
        ["two shares of a group"] = (
            TlsAlert.IllegalParameter, () => Hellos.With(Shares, [0, 10, 0x11, 0xEC, 0, 1, 0, 0x11, 0xEC, 0, 1, 0])),
        ["nine shares"] = (TlsAlert.IllegalParameter, () => Hellos.WithManyShares(9)),
        ["a share one byte short"] = (TlsAlert.IllegalParameter, () => Hellos.WithShare(X25519, s => s[1..])),
        ["a share one byte long"] = (TlsAlert.IllegalParameter, () => Hellos.WithShare(X25519, s => [.. s, 0])),
        ["an ML-KEM key above the modulus"] = (
            TlsAlert.IllegalParameter, () => Hellos.WithShare(X25519, s => [0xFF, 0xFF, 0xFF, .. s[3..]])),
        ["an X25519 key of order one"] = (
            TlsAlert.IllegalParameter, () => Hellos.WithShare(X25519, s => [.. s[..1184], .. new byte[32]])),
        ["a point that is not on P-256"] = (
            TlsAlert.IllegalParameter, () => Hellos.WithShare(P256, s => [4, .. new byte[64], .. s[65..]])),
        ["a compressed point"] = (TlsAlert.IllegalParameter, () => Hellos.WithShare(P256, s => [2, .. s[1..]])),
        ["another application protocol"] = (
            TlsAlert.NoApplicationProtocol, () => Hellos.With(Alpn, ExtensionCodec.ApplicationProtocol("h2"))),
        ["an empty application protocol"] = (TlsAlert.DecodeError, () => Hellos.With(Alpn, [0, 1, 0])),
        ["no application protocols"] = (TlsAlert.DecodeError, () => Hellos.With(Alpn, [0, 0])),
        ["an extension twice"] = (TlsAlert.IllegalParameter, () => Hellos.Plus((99, []), (99, []))),
        ["a known extension twice"] = (TlsAlert.IllegalParameter, () => Hellos.Plus((43, [2, 3, 4]))),
        ["65 extensions"] = (TlsAlert.DecodeError, () => Hellos.Plus(
            [.. Enumerable.Range(1000, 65).Select(type => (type, Array.Empty<byte>()))])),
        ["a pre-shared key that is not last"] = (
            TlsAlert.IllegalParameter, () => Hellos.Plus((45, [1, 1]), (41, [0]), (99, []))),
        ["a pre-shared key without modes"] = (TlsAlert.MissingExtension, () => Hellos.Plus((41, [0]))),
        ["a cookie that nobody asked for"] = (TlsAlert.IllegalParameter, () => Hellos.Plus((44, [0, 3, 1, 2, 3]))),
        ["an empty cookie"] = (TlsAlert.DecodeError, () => Hellos.Plus((44, [0, 0]))),
        ["a body cut short"] = (
            TlsAlert.DecodeError, () => HandshakeMessage.Build(HandshakeType.ClientHello, Hellos.Valid.AsSpan(4..^1))),
        ["a byte too much"] = (
            TlsAlert.DecodeError, () => HandshakeMessage.Build(HandshakeType.ClientHello, [.. Hellos.Valid[4..], 0])),
        ["an empty body"] = (TlsAlert.DecodeError, () => [1, 0, 0, 0]),
        ["a length of 16 MB"] = (TlsAlert.DecodeError, () => [1, 0xFF, 0xFF, 0xFF]),
        ["a server hello"] = (TlsAlert.UnexpectedMessage, () => [2, 0, 0, 0]),
        ["a finished"] = (TlsAlert.UnexpectedMessage, () => [20, 0, 0, 1, 0]),
        ["an unknown kind"] = (TlsAlert.UnexpectedMessage, () => [77, 0, 0, 0]),
        ["two hellos in one record"] = (TlsAlert.UnexpectedMessage, () => [.. Hellos.Valid, .. Hellos.Valid]),
    };

    private static readonly Dictionary<string, (TlsAlert Alert, byte[] Bytes)> Streams = new()
    {
        ["a request of HTTP"] = (TlsAlert.UnexpectedMessage, "GET / HTTP/1.1\r\n\r\n"u8.ToArray()),
        ["a hello of SSL 2"] = (TlsAlert.UnexpectedMessage, [0x80, 0x2E, 1, 0, 2, 0, 0x15]),
        ["an unknown record"] = (TlsAlert.UnexpectedMessage, [24, 3, 3, 0, 1, 0]),
        ["application data"] = (TlsAlert.UnexpectedMessage, [23, 3, 3, 0, 1, 0]),
        ["a change_cipher_spec before the hello"] = (TlsAlert.UnexpectedMessage, [20, 3, 3, 0, 1, 1]),
        ["an empty handshake record"] = (TlsAlert.UnexpectedMessage, [22, 3, 3, 0, 0]),
        ["an alert of one byte"] = (TlsAlert.DecodeError, [21, 3, 3, 0, 1, 0]),
        ["an alert within a message"] = (TlsAlert.UnexpectedMessage, [22, 3, 3, 0, 1, 1, 21, 3, 3, 0, 2, 2, 0]),
        ["a record of 16,385 bytes"] = (TlsAlert.RecordOverflow, [22, 3, 3, 0x40, 0x01]),
    };

    public static TheoryData<string> MessageNames => [.. Messages.Keys];

    public static TheoryData<string> StreamNames => [.. Streams.Keys];

    [Theory]
    [MemberData(nameof(MessageNames))]
    public void A_wrong_first_message_gets_the_right_alert(string name)
    {
        using var pair = new TlsPair();

        TlsStatus status = pair.DeliverToServer(Hellos.Record(Messages[name].Message()));

        AssertRefused(pair, status, Messages[name].Alert);
    }

    [Theory]
    [MemberData(nameof(StreamNames))]
    public void Wrong_first_bytes_get_the_right_alert(string name)
    {
        using var pair = new TlsPair();

        TlsStatus status = pair.DeliverToServer(Streams[name].Bytes);

        AssertRefused(pair, status, Streams[name].Alert);
    }

    [Fact]
    public void The_valid_hello_of_these_tests_is_accepted()
    {
        using var pair = new TlsPair();

        pair.DeliverToServer(Hellos.Record(Hellos.Valid));

        Assert.Equal((TlsState.Handshaking, null), (pair.Server.State, pair.Server.SentAlert));
        Assert.True(pair.ToClient.WrittenCount > 9000);
    }

    [Fact]
    public void Eight_shares_are_accepted()
    {
        using var pair = new TlsPair();

        pair.DeliverToServer(Hellos.Record(Hellos.WithManyShares(8)));

        Assert.Equal((TlsState.Handshaking, null), (pair.Server.State, pair.Server.SentAlert));
    }

    [Fact]
    public void Unknown_extensions_and_values_are_ignored()
    {
        using var pair = new TlsPair();

        pair.DeliverToServer(Hellos.Record(Hellos.Plus((0x0A0A, [1, 2, 3]), (0xFF01, [0]), (0, []))));

        Assert.Null(pair.Server.SentAlert);
    }

    // The alert goes out in plain when no key is known, else sealed as the last record.
    private static void AssertRefused(TlsPair pair, TlsStatus status, TlsAlert alert)
    {
        Assert.Equal(TlsStatus.Failed, status);
        Assert.Equal(TlsState.Failed, pair.Server.State);
        Assert.Equal(alert, pair.Server.SentAlert);
        byte[] answer = TlsPair.Take(pair.ToClient);
        if (answer.Length == 7)
        {
            Assert.Equal([21, 3, 3, 0, 2, 2, (byte)alert], answer);
        }

        Assert.Equal(TlsStatus.Failed, pair.DeliverToServer(new byte[100]));
        Assert.Equal(0, pair.ToClient.WrittenCount);
        Assert.False(pair.Server.Write("data"u8, pair.ToClient));
    }
}
