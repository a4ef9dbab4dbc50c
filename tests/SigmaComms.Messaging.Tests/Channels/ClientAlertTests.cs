using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Channels;
using SigmaComms.Messaging.Channels.Handshakes;

namespace SigmaComms.Messaging.Tests.Channels;

/// <summary>What a client answers to messages of a server that are wrong: the alert that RFC 8446 names.</summary>
public sealed class ClientAlertTests
{
    private const ushort Suite = (ushort)TlsCipherSuite.Aes256GcmSha384;
    private static readonly byte[] Version = [3, 4];
    private static readonly byte[] Share = ExtensionCodec.KeyShare(TlsGroup.X25519MlKem768, new byte[1120]);
    private static readonly byte[] EmptyExtensions = [0, 0];

    private static readonly Dictionary<string, (TlsAlert Alert, Func<byte[]> Message)> Answers = new()
    {
        ["another suite"] = (TlsAlert.IllegalParameter, () => Hello(0x1303, (43, Version), (51, Share))),
        ["no version"] = (TlsAlert.ProtocolVersion, () => Hello(Suite, (51, Share))),
        ["version 1.2"] = (TlsAlert.IllegalParameter, () => Hello(Suite, (43, [3, 3]), (51, Share))),
        ["a long version"] = (TlsAlert.DecodeError, () => Hello(Suite, (43, [3, 4, 0]), (51, Share))),
        ["no share"] = (TlsAlert.MissingExtension, () => Hello(Suite, (43, Version))),
        ["a share of another group"] = (TlsAlert.IllegalParameter, () => Hello(
            Suite, (43, Version), (51, ExtensionCodec.KeyShare(TlsGroup.SecP256r1MlKem768, new byte[1153])))),
        ["a short share"] = (TlsAlert.IllegalParameter, () => Hello(
            Suite, (43, Version), (51, ExtensionCodec.KeyShare(TlsGroup.X25519MlKem768, new byte[1119])))),
        ["an X25519 key of order one"] = (TlsAlert.IllegalParameter, () => Hello(Suite, (43, Version), (51, Share))),
        ["an extension that was not asked for"] = (
            TlsAlert.UnsupportedExtension, () => Hello(Suite, (43, Version), (51, Share), (41, [0, 0]))),
        ["an extension twice"] = (TlsAlert.IllegalParameter, () => Hello(Suite, (43, Version), (43, Version))),
        ["a session id"] = (TlsAlert.IllegalParameter, () => Hello(Suite, [1], (43, Version), (51, Share))),
        ["a retry that changes nothing"] = (TlsAlert.IllegalParameter, () => Retry((43, Version))),
        ["a retry for the same group"] = (
            TlsAlert.IllegalParameter, () => Retry((43, Version), (51, [0x11, 0xEC]))),
        ["a retry for an unknown group"] = (TlsAlert.IllegalParameter, () => Retry((43, Version), (51, [0, 29]))),
        ["a retry with a long group"] = (TlsAlert.DecodeError, () => Retry((43, Version), (51, [0x11, 0xEB, 0]))),
        ["a retry with an empty cookie"] = (TlsAlert.DecodeError, () => Retry((43, Version), (44, [0, 0]))),
        ["a retry with another extension"] = (
            TlsAlert.UnsupportedExtension, () => Retry((43, Version), (44, [0, 1, 1]), (16, []))),
        ["an encrypted message in plain"] = (TlsAlert.UnexpectedMessage, () => [8, 0, 0, 2, 0, 0]),
        ["a client hello"] = (TlsAlert.UnexpectedMessage, () => [1, 0, 0, 0]),
    };

    private static readonly Dictionary<string, (TlsAlert Alert, byte[][] Messages)> Later = new()
    {
        ["extensions cut short"] = (TlsAlert.DecodeError, [Extensions([0, 1])]),
        ["a share among them"] = (TlsAlert.IllegalParameter, [Extensions([0, 4, 0, 51, 0, 0])]),
        ["one that was not asked for"] = (TlsAlert.UnsupportedExtension, [Extensions([0, 4, 0, 99, 0, 0])]),
        ["another application protocol"] = (
            TlsAlert.IllegalParameter, [Extensions([0, 9, 0, 16, 0, 5, 0, 3, 2, (byte)'h', (byte)'2'])]),
        ["a request with a context"] = (
            TlsAlert.IllegalParameter, [Extensions(EmptyExtensions), Request([1, 1, 0, 0])]),
        ["a request without schemes"] = (TlsAlert.MissingExtension, [Extensions(EmptyExtensions), Request([0, 0, 0])]),
        ["a request for other schemes"] = (TlsAlert.HandshakeFailure, [Extensions(EmptyExtensions), Schemes(4, 3)]),
        ["a request cut short"] = (TlsAlert.DecodeError, [Extensions(EmptyExtensions), Request([0, 0, 1])]),
        ["no request"] = (TlsAlert.HandshakeFailure, [Extensions(EmptyExtensions), Certificate([0, 0, 0, 0])]),
        ["no certificate"] = (TlsAlert.DecodeError, Proof(Certificate([0, 0, 0, 0]))),
        ["a certificate with a context"] = (TlsAlert.IllegalParameter, Proof(Certificate([1, 1, 0, 0, 0]))),
        ["an empty certificate"] = (TlsAlert.DecodeError, Proof(Certificate([0, 0, 0, 5, 0, 0, 0, 0, 0]))),
        ["a certificate that is none"] = (TlsAlert.BadCertificate, Proof(Certificate([0, 0, 0, 6, 0, 0, 1, 0, 0, 0]))),
        ["a certificate with an extension"] = (
            TlsAlert.UnsupportedExtension, Proof(Certificate([0, 0, 0, 8, 0, 0, 1, 0, 0, 2, 0, 0]))),
        ["two certificates"] = (TlsAlert.BadCertificate, Proof(TwoCertificates())),
        ["another signature scheme"] = (TlsAlert.IllegalParameter, Proof(Honest(), Verify([8, 4, 0, 1, 0]))),
        ["a wrong signature"] = (TlsAlert.DecryptError, Proof(Honest(), Verify([9, 5, 0, 1, 0]))),
        ["a signature cut short"] = (TlsAlert.DecodeError, Proof(Honest(), Verify([9, 5, 0, 1]))),
        ["finished before the proof"] = (TlsAlert.UnexpectedMessage, [Extensions(EmptyExtensions), [20, 0, 0, 0]]),
    };

    public static TheoryData<string> AnswerNames => [.. Answers.Keys];

    public static TheoryData<string> LaterNames => [.. Later.Keys];

    [Theory]
    [MemberData(nameof(AnswerNames))]
    public void A_wrong_answer_gets_the_right_alert(string name)
    {
        using var pair = new TlsPair();

        TlsStatus status = pair.DeliverToClient(Hellos.Record(Answers[name].Message()));

        Assert.Equal((TlsStatus.Failed, TlsState.Failed), (status, pair.Client.State));
        Assert.Equal(Answers[name].Alert, pair.Client.SentAlert);
        Assert.Equal([21, 3, 3, 0, 2, 2, (byte)Answers[name].Alert], TlsPair.Take(pair.ToServer)[^7..]);
    }

    [Theory]
    [MemberData(nameof(LaterNames))]
    public void A_wrong_encrypted_message_gets_the_right_alert(string name)
    {
        using var pair = new TlsPair();
        using var server = new ScriptedServer(pair);

        TlsStatus status = TlsStatus.Open;
        foreach (byte[] message in Later[name].Messages)
        {
            Assert.Equal(TlsStatus.Open, status);
            status = server.Say(message);
        }

        Assert.Equal((TlsStatus.Failed, TlsState.Failed), (status, pair.Client.State));
        Assert.Equal(Later[name].Alert, pair.Client.SentAlert);
    }

    [Fact]
    public void A_second_retry_is_refused()
    {
        using var pair = new TlsPair();
        byte[] retry = Hellos.Record(Retry((43, Version), (44, [0, 1, 1])));

        TlsStatus first = pair.DeliverToClient(retry);
        TlsStatus second = pair.DeliverToClient(retry);

        Assert.Equal((TlsStatus.Open, TlsStatus.Failed), (first, second));
        Assert.Equal(TlsAlert.UnexpectedMessage, pair.Client.SentAlert);
    }

    [Fact]
    public void A_suite_that_changes_after_the_retry_is_refused()
    {
        using var pair = new TlsPair();
        pair.DeliverToClient(Hellos.Record(Retry((43, Version), (44, [0, 1, 1]))));

        byte[] hello = Hello((ushort)TlsCipherSuite.Aes128GcmSha256, (43, Version), (51, Share));
        pair.DeliverToClient(Hellos.Record(hello));

        Assert.Equal(TlsAlert.IllegalParameter, pair.Client.SentAlert);
    }

    private static byte[] Hello(ushort suite, params (int Type, byte[] Content)[] extensions) =>
        Hello(suite, [], extensions);

    private static byte[] Hello(ushort suite, byte[] sessionId, params (int Type, byte[] Content)[] extensions) =>
        Answer(new byte[32], suite, sessionId, extensions);

    private static byte[] Retry(params (int Type, byte[] Content)[] extensions) =>
        Answer(ServerHello.NewRetryRandom(), Suite, [], extensions);

    private static byte[] Answer(
        byte[] random, ushort suite, byte[] sessionId, (int Type, byte[] Content)[] extensions)
    {
        var set = new ExtensionSet();
        Array.ForEach(extensions, e => set.Add((ExtensionType)e.Type, e.Content));
        return new ServerHello { Random = random, SessionId = sessionId, Suite = suite, Extensions = set }.Encode();
    }

    private static byte[] Extensions(byte[] body) => HandshakeMessage.Build(HandshakeType.EncryptedExtensions, body);

    private static byte[] Request(byte[] body) => HandshakeMessage.Build(HandshakeType.CertificateRequest, body);

    private static byte[] Schemes(byte high, byte low) => Request([0, 0, 8, 0, 13, 0, 4, 0, 2, high, low]);

    private static byte[] Certificate(byte[] body) => HandshakeMessage.Build(HandshakeType.Certificate, body);

    private static byte[] Verify(byte[] body) => HandshakeMessage.Build(HandshakeType.CertificateVerify, body);

    private static byte[] Honest() => CertificateMessage.Encode(TestIdentities.Server.CertificateDer.Span);

    private static byte[] TwoCertificates()
    {
        var list = new WireWriter();
        list.Opaque24(TestIdentities.Server.CertificateDer.Span).U16(0);
        list.Opaque24(TestIdentities.Client.CertificateDer.Span).U16(0);
        return Certificate(new WireWriter().U8(0).Opaque24(list.Written).ToArray());
    }

    private static byte[][] Proof(params byte[][] messages) =>
        [Extensions(EmptyExtensions), Schemes(9, 5), .. messages];
}
