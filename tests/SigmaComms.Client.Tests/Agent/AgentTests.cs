using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Client.Agent;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Messaging.KeyDirectory;

namespace SigmaComms.Client.Tests.Agent;

public sealed class AgentTests : ClusterTest
{
    private readonly TempFolder _folder = new();

    private string SocketPath => _folder.File("agent.sock");

    [Fact]
    public async Task A_text_goes_out_through_the_agent_and_each_step_is_told()
    {
        await BothOnlineAsync();
        await using AgentServer server = Serve(Alpha);
        await using AgentClient agent = await ConnectAsync();

        AgentMessage message = await Clock.UntilAsync(agent.SendTextAsync("beta", "through", default), "stored");
        await Clock.UntilAsync(message.Accepted, "accepted");
        await Clock.UntilAsync(message.Delivered, "delivered");

        InboundItem item = Assert.Single(await Beta.ItemsAsync(1));
        Assert.Equal(("through", message.Id), (item.Text, item.Id.ToString()));
    }

    [Fact]
    public async Task Many_texts_of_one_asker_keep_their_order()
    {
        await BothOnlineAsync();
        await using AgentServer server = Serve(Alpha);
        await using AgentClient agent = await ConnectAsync();

        Task<AgentMessage>[] sending =
            [.. Enumerable.Range(0, 100).Select(i => agent.SendTextAsync("beta", $"{i}", default))];
        AgentMessage[] sent = await Clock.UntilAsync(Task.WhenAll(sending), "stored");
        await Clock.UntilAsync(Task.WhenAll(sent.Select(message => message.Delivered)), "delivered");

        await Beta.ReadsAsync(Enumerable.Range(0, 100).Select(i => $"{i}"));
    }

    [Fact]
    public async Task A_subscriber_gets_items_and_what_nobody_marked_comes_to_the_next_one()
    {
        await BothOnlineAsync();
        await using AgentServer server = await ServeReaderAsync();
        await Clock.UntilAsync((await SendAsync(Alpha, "beta", "one")).Delivered, "delivered");
        await Clock.UntilAsync((await SendAsync(Alpha, "beta", "two")).Delivered, "delivered");
        AgentReply[] first;
        await using (AgentClient agent = await ConnectAsync())
        {
            first = await TakeAsync(agent, 2);
            await Clock.UntilAsync(agent.MarkAsync(first[0].Item!, default), "marked");
            await Clock.UntilAsync(agent.MarkAsync(first[0].Item!, default), "marked again, which does nothing");
        }

        await using AgentClient next = await ConnectAsync();
        AgentReply again = Assert.Single(await TakeAsync(next, 1));

        Assert.Equal(["one", "two"], first.Select(item => item.Text));
        Assert.Equal(["alpha", "alpha"], first.Select(item => item.From));
        Assert.Equal(first[1].Item, again.Item);
    }

    [Fact]
    public async Task A_second_subscriber_is_refused_until_the_first_has_gone()
    {
        await BothOnlineAsync();
        await using AgentServer server = await ServeReaderAsync();
        AgentClient first = await ConnectAsync();
        await using AgentClient second = await ConnectAsync();
        Task<AgentReply[]> taking = TakeTask(first, 1);

        // Requests of one asker are begun in their order: once the later one is answered the earlier one listens.
        await Clock.UntilAsync(first.GetStatusAsync(default), "the first listens");

        ClientException refused = await FailAsync(() => TakeTask(second, 1));
        await Clock.UntilAsync((await SendAsync(Alpha, "beta", "x")).Delivered, "delivered");
        AgentReply[] items = await Clock.UntilAsync(taking, "item");
        await first.DisposeAsync();
        AgentReply[] again = await TakeAsync(second, 1);

        Assert.Equal(ClientFailure.AlreadyListening, refused.Reason);
        Assert.Equal(["x", "x"], items.Concat(again).Select(item => item.Text));
    }

    [Fact]
    public async Task A_file_goes_out_and_comes_in_through_agents()
    {
        await BothOnlineAsync();
        await Beta.StopReadingAsync();
        byte[] content = new SeededRandom(3).Bytes(300_000);
        await File.WriteAllBytesAsync(_folder.File("photo.jpg"), content);
        await using AgentServer alpha = Serve(Alpha);
        await using AgentClient sender = await ConnectAsync();
        AgentMessage sent = await Clock.UntilAsync(
            sender.SendFileAsync("beta", _folder.File("photo.jpg"), null, default), "stored");
        await Clock.UntilAsync(sent.Delivered, "delivered");
        await alpha.DisposeAsync();
        await using AgentServer beta = await ServeReaderAsync();
        await using AgentClient reader = await ConnectAsync();

        AgentReply item = Assert.Single(await TakeAsync(reader, 1));
        await Clock.UntilAsync(
            reader.DownloadAsync(item.Item!, _folder.File("received.jpg"), null, default), "downloaded");

        Assert.Equal(("photo.jpg", 300_000L, null), (item.FileName, item.FileBytes, item.Text));
        Assert.Equal(content, await File.ReadAllBytesAsync(_folder.File("received.jpg")));
    }

    [Fact]
    public async Task Failures_come_through_with_their_reason()
    {
        await BothOnlineAsync();
        await using AgentServer server = Serve(Alpha);
        await using AgentClient agent = await ConnectAsync();

        ClientException unknown = await FailAsync(() => agent.SendTextAsync("nobody", "x", default));
        ClientException large = await FailAsync(
            () => agent.SendTextAsync("beta", new string('x', MessagingClient.TextMaxBytes + 1), default));
        ClientException missing = await FailAsync(() => agent.DownloadAsync("no:such:1", "/tmp/x", null, default));

        Assert.Equal(ClientFailure.UnknownRecipient, unknown.Reason);
        Assert.Equal(ClientFailure.TooLarge, large.Reason);
        Assert.Equal(ClientFailure.AttachmentMissing, missing.Reason);
    }

    [Fact]
    public async Task The_longest_text_of_characters_that_JSON_escapes_goes_through()
    {
        await BothOnlineAsync();
        await using AgentServer server = Serve(Alpha);
        await using AgentClient agent = await ConnectAsync();
        string longest = new('\u0001', MessagingClient.TextMaxBytes);

        AgentMessage message = await Clock.UntilAsync(agent.SendTextAsync("beta", longest, default), "stored");
        await Clock.UntilAsync(message.Delivered, "delivered");

        await Beta.ReadsAsync(longest);
    }

    [Fact]
    public async Task Status_and_safety_number_come_through()
    {
        await BothOnlineAsync();
        await using AgentServer server = Serve(Alpha);
        await using AgentClient agent = await ConnectAsync();

        string number = await Clock.UntilAsync(agent.GetSafetyNumberAsync("beta", default), "number");
        AgentStatus status = await Clock.UntilAsync(agent.GetStatusAsync(default), "status");
        AccountRecord account = await Clock.UntilAsync(agent.GetAccountAsync("beta", default), "account");

        Assert.Equal("beta", account.Name);
        Assert.Equal(await Clock.UntilAsync(Beta.Client.SafetyNumberAsync("alpha", default), "number"), number);
        Assert.Equal(("alpha", "n1", true, "fake"), (status.Name, status.Node, status.IsConnected, status.Group));
        Assert.Equal(["beta"], status.Contacts);
    }

    [Fact]
    public async Task A_decision_through_the_agent_is_about_what_was_shown()
    {
        await BothOnlineAsync();
        await using AgentServer server = Serve(Alpha);
        await using AgentClient agent = await ConnectAsync();
        await Clock.UntilAsync(agent.GetSafetyNumberAsync("beta", default), "number");
        await using var second = new TestPeer("beta", 558, Cluster, Clock, 2);
        Cluster.Rebind(second.Account.Record);
        await second.OpenAsync();
        await second.OnlineAsync();
        await Clock.PassAsync(TimeSpan.FromMinutes(11));
        await FailAsync(() => Alpha.Client.SendTextAsync("beta", "noticed", default));

        ClientException old = await FailAsync(() => agent.AcceptIdentityAsync("beta", default));
        await Clock.UntilAsync(agent.GetSafetyNumberAsync("beta", default), "number");
        await Clock.UntilAsync(agent.AcceptIdentityAsync("beta", default), "accepted");
        AgentStatus status = await Clock.UntilAsync(agent.GetStatusAsync(default), "status");

        Assert.Contains("Look at it again", old.Message, StringComparison.Ordinal);
        Assert.Empty(status.Changed);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[1,2]")]
    [InlineData("{\"id\":3}")]
    [InlineData("{\"id\":3,\"command\":\"dance\"}")]
    [InlineData("{\"id\":3,\"command\":\"send\",\"to\":\"beta\"}")]
    [InlineData("{\"id\":3,\"command\":\"send-file\",\"to\":\"beta\",\"path\":\"relative\"}")]
    [InlineData("{\"id\":\"three\"}")]
    [InlineData("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}")]
    public async Task A_line_that_is_no_request_gets_an_error_and_the_next_one_is_served(string line)
    {
        await BothOnlineAsync();
        await using AgentServer server = Serve(Alpha);
        using var raw = await RawAsync();

        await raw.SendAsync(Encoding.UTF8.GetBytes(line + "\n{\"id\":4,\"command\":\"status\"}\n"));
        using var reader = new StreamReader(new NetworkStream(raw));
        string? first = await Clock.UntilAsync(reader.ReadLineAsync(), "first");
        string? second = await Clock.UntilAsync(reader.ReadLineAsync(), "second");

        string[] replies = [first!, second!];
        Assert.Contains(replies, reply => reply.Contains("\"event\":\"error\"", StringComparison.Ordinal));
        Assert.Contains(replies, reply => reply.Contains("\"event\":\"status\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Random_bytes_and_a_line_without_end_disturb_nobody_else()
    {
        await BothOnlineAsync();
        await using AgentServer server = Serve(Alpha);
        var random = new SeededRandom(17);
        await using AgentClient bystander = await ConnectAsync();

        for (int i = 0; i < 20; i++)
        {
            using Socket raw = await RawAsync();
            await raw.SendAsync(random.Bytes(2_000));
        }

        using (Socket endless = await RawAsync())
        {
            byte[] part = new byte[64 * 1024];
            Array.Fill(part, (byte)'x');
            await Assert.ThrowsAnyAsync<SocketException>(async () =>
            {
                for (int i = 0; i < 200; i++)
                {
                    await endless.SendAsync(part);
                }
            });
        }

        AgentStatus status = await Clock.UntilAsync(bystander.GetStatusAsync(default), "status");
        Assert.Equal("alpha", status.Name);
    }

    [Fact]
    public async Task Stop_is_told_to_the_owner_and_an_asker_learns_that_the_agent_went_away()
    {
        await BothOnlineAsync();
        AgentServer server = Serve(Alpha);
        await using AgentClient agent = await ConnectAsync();

        await Clock.UntilAsync(agent.StopAsync(default), "stop is answered");
        await Clock.UntilAsync(server.StopRequested, "the owner learns");
        await server.DisposeAsync();
        ClientException gone = await FailAsync(() => agent.GetStatusAsync(default));

        Assert.Equal(ClientFailure.Closed, gone.Reason);
        Assert.False(File.Exists(SocketPath));
        Assert.Null(await AgentClient.TryConnectAsync(SocketPath, default));
    }

    [Fact]
    public async Task A_socket_that_a_killed_agent_left_behind_is_replaced()
    {
        await BothOnlineAsync();
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(SocketPath));
        }

        Assert.Null(await AgentClient.TryConnectAsync(SocketPath, default));
        await using AgentServer server = Serve(Alpha);
        await using AgentClient agent = await ConnectAsync();

        Assert.Equal("alpha", (await Clock.UntilAsync(agent.GetStatusAsync(default), "status")).Name);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_socket_is_its_owners_only_and_an_open_folder_is_refused()
    {
        await BothOnlineAsync();
        await using AgentServer server = Serve(Alpha);
        UnixFileMode mode = File.GetUnixFileMode(SocketPath);
        using var open = new TempFolder();
        File.SetUnixFileMode(open.Path, File.GetUnixFileMode(open.Path) | UnixFileMode.OtherExecute);

        ClientException failure = Assert.Throws<ClientException>(
            () => AgentServer.Start(Beta.Client, open.File("agent.sock"), NullLogger.Instance));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
        Assert.Contains("chmod 700", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_too_long_for_a_socket_is_a_clear_error()
    {
        await BothOnlineAsync();

        ClientException failure = Assert.Throws<ClientException>(
            () => AgentServer.Start(Alpha.Client, _folder.File(new string('x', 120)), NullLogger.Instance));

        Assert.Contains("shorter", failure.Message, StringComparison.Ordinal);
    }

    private protected override void Clean() => _folder.Dispose();

    private AgentServer Serve(TestPeer peer) => AgentServer.Start(peer.Client, SocketPath, NullLogger.Instance);

    /// <summary>Beta's client anew, with the agent as its only reader.</summary>
    private async Task<AgentServer> ServeReaderAsync()
    {
        Beta.Marks = false;
        await Beta.StopReadingAsync();
        return Serve(Beta);
    }

    private async Task<AgentClient> ConnectAsync() =>
        await AgentClient.TryConnectAsync(SocketPath, default) ?? throw new InvalidOperationException("no agent");

    private async Task<Socket> RawAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath));
        return socket;
    }

    private Task<AgentReply[]> TakeAsync(AgentClient agent, int count) =>
        Clock.UntilAsync(TakeTask(agent, count), $"{count} items");

    private static async Task<AgentReply[]> TakeTask(AgentClient agent, int count)
    {
        var items = new List<AgentReply>();
        await foreach (AgentReply item in agent.SubscribeAsync(default))
        {
            items.Add(item);
            if (items.Count == count)
            {
                break;
            }
        }

        return [.. items];
    }
}
