using System.Collections;
using System.Reflection;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Channels;

namespace SigmaComms.Messaging.Tests.Channels;

/// <summary>Ends of connections, and what is left of their secrets.</summary>
public sealed class LifeTests
{
    private static readonly FieldInfo BytesField =
        typeof(SecretBytes).GetField("_bytes", BindingFlags.NonPublic | BindingFlags.Instance)!;

    [Fact]
    public void Each_side_says_farewell_by_itself_and_both_make_it_closed()
    {
        using TlsPair pair = TlsPair.Established();
        pair.Client.Close(pair.ToServer);

        TlsStatus atServer = pair.DeliverToServer(TlsPair.Take(pair.ToServer));
        bool serverWrites = pair.Server.Write("still here"u8, pair.ToClient);
        TlsStatus atClient = pair.DeliverToClient(TlsPair.Take(pair.ToClient));
        pair.Server.Close(pair.ToClient);
        pair.Pump();

        Assert.Equal((TlsStatus.PeerClosed, true, TlsStatus.Open), (atServer, serverWrites, atClient));
        Assert.Equal("still here"u8.ToArray(), pair.ClientData.WrittenSpan.ToArray());
        Assert.Equal((TlsState.Closed, TlsState.Closed), (pair.Client.State, pair.Server.State));
        Assert.False(pair.Client.Write("late"u8, pair.ToServer));
    }

    [Fact]
    public void What_follows_a_farewell_is_ignored()
    {
        using TlsPair pair = TlsPair.Established();
        pair.Client.Close(pair.ToServer);
        pair.DeliverToServer(TlsPair.Take(pair.ToServer));

        TlsStatus status = pair.DeliverToServer(new byte[1000]);

        Assert.Equal((TlsStatus.PeerClosed, null), (status, pair.Server.SentAlert));
    }

    [Fact]
    public void A_connection_that_is_not_established_sends_and_renews_nothing()
    {
        using var pair = new TlsPair();
        int before = pair.ToServer.WrittenCount;

        Assert.False(pair.Client.Write("early"u8, pair.ToServer));
        Assert.False(pair.Client.UpdateKeys(requestPeer: true, pair.ToServer));
        Assert.Equal(before, pair.ToServer.WrittenCount);
    }

    [Fact]
    public void Starting_twice_or_as_a_server_is_a_bug_of_the_caller()
    {
        using var pair = new TlsPair();

        Assert.Throws<InvalidOperationException>(() => pair.Client.Start(pair.ToServer));
        Assert.Throws<InvalidOperationException>(() => pair.Server.Start(pair.ToClient));
    }

    [Theory]
    [InlineData("handshaking")]
    [InlineData("established")]
    [InlineData("failed")]
    public void No_secret_is_left_when_a_connection_ended(string when)
    {
        using var pair = new TlsPair();
        if (when != "handshaking")
        {
            pair.Pump();
        }

        HashSet<string> secrets = [];
        Collect(pair.Client, secrets);
        Collect(pair.Server, secrets);
        Assert.True(secrets.Count >= (when == "handshaking" ? 2 : 4), $"{secrets.Count} secrets seen");

        if (when == "failed")
        {
            pair.DeliverToServer([23, 3, 3, 0, 20, .. new byte[20]]);
            pair.DeliverToClient([23, 3, 3, 0, 20, .. new byte[20]]);
        }
        else
        {
            pair.Client.Dispose();
            pair.Server.Dispose();
        }

        Assert.Empty(Left(pair.Client, secrets));
        Assert.Empty(Left(pair.Server, secrets));
    }

    private static void Collect(object root, HashSet<string> secrets)
    {
        foreach (object part in Walk(root))
        {
            if (part is SecretBytes secret && BytesOf(secret).AsSpan().ContainsAnyExcept((byte)0))
            {
                secrets.Add(Convert.ToHexString(BytesOf(secret)));
            }
        }
    }

    private static List<string> Left(object root, HashSet<string> secrets) =>
    [
        .. Walk(root).OfType<byte[]>()
            .Select(Convert.ToHexString)
            .Where(bytes => secrets.Any(secret => bytes.Contains(secret, StringComparison.Ordinal))),
    ];

    private static byte[] BytesOf(SecretBytes secret) =>
        (byte[])BytesField.GetValue(secret)!;

    // Every object that the connection reaches, but not the identity, which outlives it.
    private static HashSet<object> Walk(object root)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<object>([root]);
        while (open.TryPop(out object? part))
        {
            bool isOurs = part.GetType().Namespace?.StartsWith("SigmaComms", StringComparison.Ordinal) ?? false;
            if (part is TlsOptions or Type or Delegate || !seen.Add(part))
            {
                continue;
            }

            if (part is IEnumerable many and not byte[] and not string)
            {
                many.Cast<object?>().Where(one => one is not null).ToList().ForEach(one => open.Push(one!));
            }

            for (Type? type = part.GetType(); isOurs && type is not null; type = type.BaseType)
            {
                foreach (FieldInfo field in type.GetFields(
                    BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
                {
                    if (field.GetValue(part) is { } value && !value.GetType().IsPrimitive)
                    {
                        open.Push(value);
                    }
                }
            }
        }

        return seen;
    }
}
