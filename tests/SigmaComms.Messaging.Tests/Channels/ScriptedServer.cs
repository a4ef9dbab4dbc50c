using SigmaComms.Cryptography;
using SigmaComms.Messaging.Channels;
using SigmaComms.Messaging.Channels.Handshakes;
using SigmaComms.Messaging.Channels.KeyExchange;
using SigmaComms.Messaging.Channels.Records;

namespace SigmaComms.Messaging.Tests.Channels;

/// <summary>A server that answers the hello as it should, then says what the test wants under its keys.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TlsPair _pair;
    private readonly RecordWriter _records = new();

    /// <summary>Takes the client's hello off the wire and answers it.</summary>
    public ScriptedServer(TlsPair pair)
    {
        _pair = pair;
        byte[] message = TlsPair.Take(pair.ToServer)[RecordLimits.HeaderSize..];
        Assert.Null(ClientHello.TryParse(message.AsSpan(4), out ClientHello? hello));
        Assert.Null(HelloChoice.TryMake(hello!, TestIdentities.ServerOptions, out HelloChoice? choice));
        HybridGroup group = HybridGroup.Of(choice!.Group);
        byte[] share = new byte[group.ServerShareSize];
        byte[] secret = new byte[HybridGroup.SecretSize];
        Assert.True(group.TryAnswer(choice.Share, new SeededRandom(5), share, secret));
        var answer = new ServerHello
        {
            Random = new byte[32],
            SessionId = [],
            Suite = (ushort)choice.Suite.Suite,
            Extensions = new ExtensionSet()
                .Add(ExtensionType.SupportedVersions, [3, 4])
                .Add(ExtensionType.KeyShare, ExtensionCodec.KeyShare(choice.Group, share)),
        };
        using var transcript = new Transcript();
        using var schedule = new KeySchedule(choice.Suite);
        transcript.Append(message);
        transcript.Use(choice.Suite);
        transcript.Append(answer.Encode());
        schedule.EnterHandshake(secret);
        SecretBytes traffic = schedule.Derive("s hs traffic", transcript.Current());
        _records.Write(ContentType.Handshake, answer.Encode(), pair.ToClient);
        _records.Use(new RecordProtection(choice.Suite, traffic));
    }

    public TlsStatus Say(byte[] message)
    {
        _records.Write(ContentType.Handshake, message, _pair.ToClient);
        return _pair.DeliverToClient(TlsPair.Take(_pair.ToClient));
    }

    public void Dispose() => _records.Dispose();
}
