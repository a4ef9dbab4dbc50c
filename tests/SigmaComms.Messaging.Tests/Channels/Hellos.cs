using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Channels;
using SigmaComms.Messaging.Channels.Handshakes;

namespace SigmaComms.Messaging.Tests.Channels;

/// <summary>A valid ClientHello, and the same with one thing changed.</summary>
internal static class Hellos
{
    private static readonly ClientHello Honest = Parse();

    public static byte[] Valid => Honest.Encode();

    /// <summary>With one extension replaced, or left out if the content is null.</summary>
    public static byte[] With(ExtensionType type, byte[]? content)
    {
        var changed = new ExtensionSet();
        foreach (ExtensionType one in Honest.Extensions.Types)
        {
            if (one != type)
            {
                changed.Add(one, Honest.Extensions.Content(one));
            }
        }

        return Encode(content is null ? changed : changed.Add(type, content));
    }

    /// <summary>With extensions added at the end, known or not.</summary>
    public static byte[] Plus(params (int Type, byte[] Content)[] extensions)
    {
        var changed = new ExtensionSet();
        foreach (ExtensionType one in Honest.Extensions.Types)
        {
            changed.Add(one, Honest.Extensions.Content(one));
        }

        foreach ((int type, byte[] content) in extensions)
        {
            changed.Add((ExtensionType)type, content);
        }

        return Encode(changed);
    }

    public static byte[] WithSuites(params ushort[] suites) => Encode(Honest.Extensions, suites);

    /// <summary>With other bytes between the random and the extensions.</summary>
    public static byte[] WithMiddle(ushort version, byte[] sessionId, byte[] suites, byte[] compression)
    {
        var body = new WireWriter();
        body.U16(version).Fixed(Honest.Random).Opaque8(sessionId).Opaque16(suites).Opaque8(compression);
        Honest.Extensions.WriteTo(body);
        return HandshakeMessage.Build(HandshakeType.ClientHello, body.Written);
    }

    /// <summary>As before extensions were invented.</summary>
    public static byte[] Old()
    {
        var body = new WireWriter();
        body.U16(0x0303).Fixed(Honest.Random).Opaque8([]).Opaque16([0xC0, 0x2F]).Opaque8([0]);
        return HandshakeMessage.Build(HandshakeType.ClientHello, body.Written);
    }

    /// <summary>The client's share for a group, changed.</summary>
    public static byte[] WithShare(TlsGroup group, Func<byte[], byte[]> change)
    {
        using var offer = new SigmaComms.Messaging.Channels.KeyExchange.KeyOffer(group, new SeededRandom(9));
        return With(ExtensionType.KeyShare, ExtensionCodec.ClientKeyShares(group, change(offer.Share)));
    }

    /// <summary>A good share and, before it, shares of groups that nobody knows; all of them lawful.</summary>
    public static byte[] WithManyShares(int count)
    {
        using var offer = new SigmaComms.Messaging.Channels.KeyExchange.KeyOffer(
            TlsGroup.X25519MlKem768, new SeededRandom(9));
        var shares = new WireWriter(4096);
        var groups = new WireWriter();
        for (int i = 1; i < count; i++)
        {
            groups.U16((ushort)(0xFE00 + i));
            shares.Fixed(ExtensionCodec.KeyShare((TlsGroup)(0xFE00 + i), [1]));
        }

        groups.U16((ushort)offer.Group);
        shares.Fixed(ExtensionCodec.KeyShare(offer.Group, offer.Share));
        var changed = new ExtensionSet();
        foreach (ExtensionType one in Honest.Extensions.Types)
        {
            changed.Add(one, one switch
            {
                ExtensionType.SupportedGroups => new WireWriter().Opaque16(groups.Written).ToArray(),
                ExtensionType.KeyShare => new WireWriter(4096).Opaque16(shares.Written).ToArray(),
                _ => Honest.Extensions.Content(one),
            });
        }

        return Encode(changed);
    }

    public static byte[] Record(byte[] message) =>
        new WireWriter(message.Length + 5).U8(22).U16(0x0301).Opaque16(message).ToArray();

    private static byte[] Encode(ExtensionSet extensions, ushort[]? suites = null)
    {
        var hello = new ClientHello
        {
            Random = Honest.Random,
            SessionId = Honest.SessionId,
            Suites = suites ?? Honest.Suites,
            Extensions = extensions,
        };
        return hello.Encode();
    }

    private static ClientHello Parse()
    {
        using var pair = new TlsPair();
        Assert.Null(ClientHello.TryParse(pair.ToServer.WrittenSpan[9..], out ClientHello? hello));
        return hello!;
    }
}
