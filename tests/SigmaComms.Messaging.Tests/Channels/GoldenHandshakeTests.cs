using SigmaComms.Messaging.Channels;

namespace SigmaComms.Messaging.Tests.Channels;

/// <summary>
/// Whole connections with seeded randomness, byte for byte as in tests/golden/channel. SIGMA_ACCEPT_GOLDEN=1 writes
/// the files anew: do so only when the wire format was changed on purpose.
/// </summary>
public sealed class GoldenHandshakeTests
{
    public static TheoryData<string, TlsGroup, TlsCipherSuite, bool> Files => new()
    {
        { "x25519-aes256", TlsGroup.X25519MlKem768, TlsCipherSuite.Aes256GcmSha384, false },
        { "x25519-aes128", TlsGroup.X25519MlKem768, TlsCipherSuite.Aes128GcmSha256, false },
        { "p256-aes256", TlsGroup.SecP256r1MlKem768, TlsCipherSuite.Aes256GcmSha384, false },
        { "cookie-and-group", TlsGroup.SecP256r1MlKem768, TlsCipherSuite.Aes256GcmSha384, true },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_seeded_connection_is_the_golden_one(string name, TlsGroup group, TlsCipherSuite suite, bool retries)
    {
        using var cookieKey = new TlsCookieKey(new SeededRandom(300));
        TlsOptions client = TestIdentities.ClientOptions with
        {
            Suites = [suite],
            Groups = retries ? [TlsGroup.X25519MlKem768, group] : [group],
        };
        TlsOptions server = TestIdentities.ServerOptions with
        {
            Groups = [group],
            RequireCookie = retries,
            CookieKey = cookieKey,
        };

        List<string> lines = Transcribe(client, server);

        string path = RepositoryFiles.PathOf($"tests/golden/channel/{name}.txt");
        if (Environment.GetEnvironmentVariable("SIGMA_ACCEPT_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllLines(path, lines);
        }

        Assert.Equal(File.ReadAllLines(path), lines);
    }

    private static List<string> Transcribe(TlsOptions client, TlsOptions server)
    {
        using var pair = new TlsPair(client, server, seed: 2026);
        var lines = new List<string>();
        for (int i = 0; i < 3; i++)
        {
            Carry(pair, lines);
        }

        pair.Client.Write("from the client"u8, pair.ToServer);
        pair.Server.Write("from the server"u8, pair.ToClient);
        pair.Client.UpdateKeys(requestPeer: true, pair.ToServer);
        Carry(pair, lines);
        pair.Client.Write("under the next key"u8, pair.ToServer);
        pair.Server.Write("and back"u8, pair.ToClient);
        pair.Client.Close(pair.ToServer);
        pair.Server.Close(pair.ToClient);
        Carry(pair, lines);
        Assert.Equal((TlsState.Closed, TlsState.Closed), (pair.Client.State, pair.Server.State));
        return lines;
    }

    private static void Carry(TlsPair pair, List<string> lines)
    {
        byte[] up = TlsPair.Take(pair.ToServer);
        lines.Add("client " + Convert.ToHexStringLower(up));
        pair.DeliverToServer(up);
        byte[] down = TlsPair.Take(pair.ToClient);
        lines.Add("server " + Convert.ToHexStringLower(down));
        pair.DeliverToClient(down);
    }
}
