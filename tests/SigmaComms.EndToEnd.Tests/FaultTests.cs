using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests;

[Collection(ClusterCollection.Name)]
public sealed class FaultTests(RunningCluster cluster)
{
    private const int Kill = 9;
    private const int Continue = 18;
    private const int Stop = 19;

    [Fact]
    public async Task Killing_the_recipients_node_in_a_burst_loses_repeats_and_reorders_nothing()
    {
        const int burst = 200;
        Account alpha = await cluster.NewAccountAsync("alpha");
        Account beta = await cluster.NewAccountAsync("beta");
        await using Agent atAlpha = await alpha.StartAgentAsync("n1");
        await using Agent atBeta = await beta.StartAgentAsync("n2");
        string victim = (await atBeta.NodeAsync())!;
        List<Task> sending = [];

        for (int i = 0; i < burst; i++)
        {
            if (i == burst / 4)
            {
                SigmaProcess.Signal(cluster.ProcessOf(victim), Kill);
            }

            sending.Add(atAlpha.SendAsync(beta.Name, Text(i)));
        }

        await Task.WhenAll(sending);
        Assert.Equal(Enumerable.Range(0, burst).Select(Text), atBeta.ReceiveTexts(burst));
        atBeta.AssertNothingLeft();
        Assert.NotEqual(victim, await atBeta.NodeAsync());
        await cluster.UpAsync();
    }

    [Fact]
    public async Task A_node_frozen_for_20_seconds_holds_nobody_up_and_comes_back()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        Account beta = await cluster.NewAccountAsync("beta");
        await using Agent atAlpha = await alpha.StartAgentAsync("n1");
        await using Agent atBeta = await beta.StartAgentAsync("n2");
        int frozen = cluster.ProcessOf("n3");
        int sent = 0;

        SigmaProcess.Signal(frozen, Stop);
        try
        {
            Stopwatch clock = Stopwatch.StartNew();

            // On a busy machine longer; each message that ran into a time-out would cost seconds.
            while (clock.Elapsed < TimeSpan.FromSeconds(20)
                || (sent <= 20 && clock.Elapsed < TimeSpan.FromSeconds(90)))
            {
                await atAlpha.SendAsync(beta.Name, Text(sent++));
            }
        }
        finally
        {
            SigmaProcess.Signal(frozen, Continue);
        }

        Assert.True(sent > 20, $"only {sent} messages went through in 90 s");
        Assert.Equal(Enumerable.Range(0, sent).Select(Text), atBeta.ReceiveTexts(sent));
        atBeta.AssertNothingLeft();
        await cluster.UpAsync();
    }

    [Fact]
    public async Task A_client_whose_node_freezes_goes_on_through_another()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        Account beta = await cluster.NewAccountAsync("beta");
        await using Agent atAlpha = await alpha.StartAgentAsync("n1");
        await using Agent atBeta = await beta.StartAgentAsync("n4");
        string node = (await atBeta.NodeAsync())!;
        int frozen = cluster.ProcessOf(node);

        SigmaProcess.Signal(frozen, Stop);
        try
        {
            await atAlpha.SendAsync(beta.Name, "while it is frozen");
            Assert.Equal(["while it is frozen"], atBeta.ReceiveTexts(1));
            Assert.NotEqual(node, await atBeta.NodeAsync());
        }
        finally
        {
            SigmaProcess.Signal(frozen, Continue);
        }

        await cluster.UpAsync();
    }

    [Fact]
    public async Task Two_thousand_idle_connections_and_garbage_disturb_nobody()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        Account beta = await cluster.NewAccountAsync("beta");
        IPEndPoint node = new(IPAddress.Loopback, cluster.Ports[0]);
        List<Socket> idle = [];
        try
        {
            for (int i = 0; i < 2_000; i++)
            {
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                socket.Bind(new IPEndPoint(new IPAddress([127, 0, (byte)(1 + (i / 200)), 1]), 0));
                await socket.ConnectAsync(node);
                if (i % 4 == 1)
                {
                    await socket.SendAsync(RandomNumberGenerator.GetBytes(300), SocketFlags.None);
                }
                else if (i % 4 == 2)
                {
                    await socket.SendAsync(new byte[] { 0x16, 0x03, 0x01, 0x02, 0x00, 0x01 }, SocketFlags.None);
                }
            }

            await using Agent atAlpha = await alpha.StartAgentAsync("n1");
            await using Agent atBeta = await beta.StartAgentAsync("n1");
            await atAlpha.SendAsync(beta.Name, "through the crowd");

            Assert.Equal(["through the crowd"], atBeta.ReceiveTexts(1));
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
    }

    private static string Text(int number) => string.Create(CultureInfo.InvariantCulture, $"message {number}");
}
