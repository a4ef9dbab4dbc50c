using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Messaging.Channels;
using SigmaComms.Transport.Channels;

namespace SigmaComms.Transport.Tests.Channels;

/// <summary>The wire format against OpenSSL 3.5 in both roles.</summary>
public sealed partial class OpenSslInteropTests(OpenSslFiles files) : IClassFixture<OpenSslFiles>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static TheoryData<TlsGroup, TlsCipherSuite> GroupsAndSuites => new()
    {
        { TlsGroup.X25519MlKem768, TlsCipherSuite.Aes256GcmSha384 },
        { TlsGroup.X25519MlKem768, TlsCipherSuite.Aes128GcmSha256 },
        { TlsGroup.SecP256r1MlKem768, TlsCipherSuite.Aes256GcmSha384 },
        { TlsGroup.SecP256r1MlKem768, TlsCipherSuite.Aes128GcmSha256 },
    };

    [OpenSslFact]
    public async Task Openssl_parses_and_verifies_our_certificate()
    {
        string text = await OpenSsl.RunAsync("x509", "-in", files.OurServer, "-noout", "-text");
        string verdict = await OpenSsl.RunAsync(
            "verify", "-x509_strict", "-check_ss_sig", "-CAfile", files.OurServer, files.OurServer);

        Assert.Contains("Signature Algorithm: ML-DSA-65", text, StringComparison.Ordinal);
        Assert.Contains("Subject: CN=server", text, StringComparison.Ordinal);
        Assert.Contains("Digital Signature", text, StringComparison.Ordinal);
        Assert.Contains("OK", verdict, StringComparison.Ordinal);
    }

    [OpenSslTheory]
    [MemberData(nameof(GroupsAndSuites))]
    public async Task Our_client_and_its_server_agree_and_exchange_data(TlsGroup group, TlsCipherSuite suite)
    {
        await using OpenSsl server = StartServer("-groups", NameOf(group), "-ciphersuites", NameOf(suite));

        await using SecureConnection client = await DialAsync(server, TestPeers.ClientOptions);

        Assert.Equal((group, suite), (client.Handshake.Group, client.Handshake.Suite));
        await server.HearAsync("CIPHER is " + NameOf(suite));
        await server.HearAsync("verify return:1");
        await AssertExchangeAsync(client, server);
    }

    [OpenSslTheory]
    [MemberData(nameof(GroupsAndSuites))]
    public async Task Its_client_and_our_server_agree_and_exchange_data(TlsGroup group, TlsCipherSuite suite)
    {
        await using ChannelHost host = await ChannelHost.StartAsync(o => o);

        await using OpenSsl client =
            StartClient(host, "-groups", NameOf(group), "-ciphersuites", NameOf(suite));

        await client.HearAsync("Negotiated TLS1.3 group: " + NameOf(group));
        await client.HearAsync("Cipher is " + NameOf(suite));
        await client.HearAsync("Verification: OK");
        await AssertEchoAsync(client, "first words");
    }

    [OpenSslTheory]
    [InlineData("k")]
    [InlineData("K")]
    public async Task Data_goes_on_after_its_client_renewed_keys(string command)
    {
        await using ChannelHost host = await ChannelHost.StartAsync(o => o);
        await using OpenSsl client = StartClient(host);
        await AssertEchoAsync(client, "before the first");

        await client.TellAsync(command + "\n");
        await client.HearAsync("KEYUPDATE");

        await AssertEchoAsync(client, "after the first");
        await client.TellAsync(command + "\n");
        await client.HearAsync(TwoKeyUpdates());
        await AssertEchoAsync(client, "after the second");
    }

    [OpenSslFact]
    public async Task Data_goes_on_after_its_server_renewed_keys()
    {
        await using OpenSsl server = StartServer();
        await using SecureConnection client = await DialAsync(server, TestPeers.ClientOptions);
        await AssertExchangeAsync(client, server);

        await server.TellAsync("K\n");
        await AssertExchangeAsync(client, server);
        await server.TellAsync("k\n");

        await AssertExchangeAsync(client, server);
    }

    [OpenSslFact]
    public async Task It_follows_our_key_updates_record_by_record()
    {
        await using ChannelHost host = await ChannelHost.StartAsync(
            o => o with { Channel = o.Channel with { RecordsPerKey = 1 } });
        await using OpenSsl client = StartClient(host);

        for (int i = 0; i < 5; i++)
        {
            await AssertEchoAsync(client, $"words {i}");
        }
    }

    [OpenSslTheory]
    [InlineData("-groups", "SecP256r1MLKEM768")]
    [InlineData("-stateless", null)]
    public async Task Our_client_follows_its_hello_retry_request(string option, string? value)
    {
        await using OpenSsl server = StartServer(value is null ? [option] : [option, value]);

        await using SecureConnection client = await DialAsync(server, TestPeers.ClientOptions);

        Assert.True(client.Handshake.BytesSent > 8500, $"{client.Handshake.BytesSent} bytes hold no second hello");
        await AssertExchangeAsync(client, server);
    }

    [OpenSslTheory]
    [InlineData(TlsGroup.SecP256r1MlKem768, 256)]
    [InlineData(TlsGroup.X25519MlKem768, 0)]
    [InlineData(TlsGroup.SecP256r1MlKem768, 0)]
    public async Task Its_client_follows_our_hello_retry_request(TlsGroup group, int cookieThreshold)
    {
        await using ChannelHost host = await ChannelHost.StartAsync(o => o with
        {
            CookieThreshold = cookieThreshold,
            Channel = o.Channel with { Groups = [group] },
        });

        // One share is sent, for the first group; the other can be asked for.
        await using OpenSsl client = StartClient(host, "-groups", "*X25519MLKEM768:SecP256r1MLKEM768");

        await client.HearAsync("Negotiated TLS1.3 group: " + NameOf(group));
        await AssertEchoAsync(client, "after the retry");
    }

    [OpenSslFact]
    public async Task A_tls_1_2_client_is_told_the_version_is_wrong()
    {
        await using ChannelHost host = await ChannelHost.StartAsync(o => o);

        await using OpenSsl client = OpenSsl.Start("s_client", "-connect", host.EndPoint.ToString(), "-tls1_2");

        await client.HearAsync("alert protocol version");
        Assert.NotEqual(0, await client.ExitAsync());
    }

    [OpenSslFact]
    public async Task A_client_without_certificate_is_told_that_one_is_required()
    {
        await using ChannelHost host = await ChannelHost.StartAsync(o => o);

        await using OpenSsl client = OpenSsl.Start("s_client", "-connect", host.EndPoint.ToString(), "-tls1_3");

        await client.HearAsync("alert certificate required");
    }

    [OpenSslFact]
    public async Task A_server_that_asks_for_no_certificate_is_refused()
    {
        await using OpenSsl server = OpenSsl.Start(
            "s_server", "-accept", "127.0.0.1:0", "-tls1_3", "-cert", files.Certificate, "-key", files.Key);

        ChannelException fault = await Assert.ThrowsAsync<ChannelException>(
            () => DialAsync(server, TestPeers.ClientOptions));

        Assert.Equal((ChannelFault.PeerRejected, TlsAlert.HandshakeFailure), (fault.Reason, fault.Alert));
        await server.HearAsync("alert handshake failure");
    }

    [OpenSslFact]
    public async Task A_certificate_that_it_does_not_trust_is_refused_by_it()
    {
        await using OpenSsl server = OpenSsl.Start(
            "s_server", "-accept", "127.0.0.1:0", "-tls1_3", "-cert", files.Certificate, "-key", files.Key,
            "-Verify", "1", "-verify_return_error", "-CAfile", files.Certificate);
        await using SecureConnection client = await DialAsync(server, TestPeers.ClientOptions);

        ChannelException fault = await Assert.ThrowsAsync<ChannelException>(
            () => client.Input.ReadAsync().AsTask().WaitAsync(Patience));

        // OpenSSL's words for a self-signed certificate that nobody vouches for.
        Assert.Equal((ChannelFault.RefusedByPeer, TlsAlert.UnknownCa), (fault.Reason, fault.Alert));
    }

    [OpenSslFact]
    public async Task Its_server_understands_our_farewell()
    {
        await using OpenSsl server = StartServer();
        SecureConnection client = await DialAsync(server, TestPeers.ClientOptions);
        await AssertExchangeAsync(client, server);

        await client.DisposeAsync();

        await server.HearAsync("DONE\n"); // An end without farewell would be an ERROR.
        Assert.DoesNotContain("ERROR", server.Said, StringComparison.Ordinal);
    }

    [OpenSslFact]
    public async Task Our_server_understands_the_farewell_of_its_client()
    {
        await using ChannelHost host = await ChannelHost.StartAsync(o => o);
        await using OpenSsl client = StartClient(host);
        await AssertEchoAsync(client, "words");

        await client.TellAsync("Q\n");

        Assert.Null(await host.FirstEnd.WaitAsync(Patience));
        Assert.Equal(0, await client.ExitAsync());
    }

    [GeneratedRegex("KEYUPDATE[\\s\\S]*KEYUPDATE")]
    private static partial Regex TwoKeyUpdates();

    [GeneratedRegex(@"ACCEPT 127\.0\.0\.1:(\d+)\n")]
    private static partial Regex AcceptLine();

    private static async Task<SecureConnection> DialAsync(OpenSsl server, SecureChannelOptions options)
    {
        await server.HearAsync(AcceptLine());
        Match match = AcceptLine().Match(server.Said);
        using var dialer = new SecureDialer(options, NullLogger.Instance);
        var endpoint = new IPEndPoint(IPAddress.Loopback, int.Parse(match.Groups[1].ValueSpan));
        return await dialer.DialAsync(endpoint, default);
    }

    private static async Task AssertExchangeAsync(SecureConnection client, OpenSsl server)
    {
        string up = $"up {Guid.NewGuid()}";
        string down = $"down {Guid.NewGuid()}\n";
        await client.Output.WriteAsync(Encoding.ASCII.GetBytes(up + "\n"));
        await server.HearAsync(up);

        await server.TellAsync(down);
        ReadResult result = await client.Input.ReadAtLeastAsync(down.Length).AsTask().WaitAsync(Patience);

        Assert.Equal(down, Encoding.ASCII.GetString(result.Buffer.ToArray()));
        client.Input.AdvanceTo(result.Buffer.End);
    }

    // What the client is told on its input goes out as data and comes back as data, which it prints.
    private static async Task AssertEchoAsync(OpenSsl client, string words)
    {
        await client.TellAsync(words + "\n");
        await client.HearAsync(words);
    }

    private OpenSsl StartServer(params string[] more) => OpenSsl.Start(
    [
        "s_server", "-accept", "127.0.0.1:0", "-tls1_3", "-cert", files.Certificate, "-key", files.Key,
        "-Verify", "1", "-verify_return_error", "-CAfile", files.OurClient, .. more,
    ]);

    private OpenSsl StartClient(ChannelHost host, params string[] more) => OpenSsl.Start(
    [
        "s_client", "-connect", host.EndPoint.ToString(), "-tls1_3", "-cert", files.Certificate, "-key", files.Key,
        "-verify_return_error", "-CAfile", files.OurServer, "-alpn", "sigma/1", .. more,
    ]);

    private static string NameOf(TlsGroup group) =>
        group == TlsGroup.X25519MlKem768 ? "X25519MLKEM768" : "SecP256r1MLKEM768";

    private static string NameOf(TlsCipherSuite suite) =>
        suite == TlsCipherSuite.Aes256GcmSha384 ? "TLS_AES_256_GCM_SHA384" : "TLS_AES_128_GCM_SHA256";
}
