using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Actors;
using SigmaComms.Actors.Health;
using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Health;
using SigmaComms.Consensus;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Web;

namespace SigmaComms.Node.Tests.Web;

public sealed class OperationsServerTests
{
    private static readonly HealthCheck Well =
        new("storage", "ok", Verdict.Healthy, TimeSpan.FromSeconds(61), "0 writes failed", null);

    private static readonly HealthCheck Ill = Well with
    {
        Code = "writes_fail", Verdict = Verdict.Unhealthy, Recommendation = "make room",
    };

    [Fact]
    public async Task Ready_is_200_or_503_with_each_check_and_live_is_200_either_way()
    {
        HealthCheck check = Well;
        await using Asked asked = await Asked.StartAsync(() => Report(check));

        (HttpStatusCode well, JsonElement wellBody) = await asked.GetAsync("/health/ready");
        check = Ill;
        (HttpStatusCode ill, JsonElement illBody) = await asked.GetAsync("/health/ready");
        (HttpStatusCode live, JsonElement _) = await asked.GetAsync("/health/live");

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (well, ill, live));
        Assert.True(wellBody.GetProperty("ready").GetBoolean());
        JsonElement told = Assert.Single(illBody.GetProperty("checks").EnumerateArray());
        Assert.Equal(
            ("storage", "writes_fail", "unhealthy", 61, "make room"),
            (told.GetProperty("name").GetString(), told.GetProperty("code").GetString(),
                told.GetProperty("verdict").GetString(), told.GetProperty("ageSeconds").GetDouble(),
                told.GetProperty("recommendation").GetString()));
    }

    [Fact]
    public async Task Health_has_one_verdict_checks_components_and_real_readings()
    {
        await using Asked asked = await Asked.StartAsync(() => Report(Ill));

        (HttpStatusCode status, JsonElement body) = await asked.GetAsync("/api/health");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            ("unhealthy", "n1", 7), (body.GetProperty("verdict").GetString(), body.GetProperty("node").GetString(),
                body.GetProperty("incarnation").GetInt32()));
        Assert.Equal("/user/node/x", body.GetProperty("components")[0].GetProperty("path").GetString());
        Assert.Equal(5, body.GetProperty("resources").GetProperty("diskFreeBytes").GetInt64());
    }

    [Fact]
    public async Task Of_many_children_the_worst_are_shown_and_how_many_are_not()
    {
        await using Asked asked = await Asked.StartAsync(() => Report(Well));

        (HttpStatusCode status, JsonElement body) = await asked.GetAsync("/api/actors?children=2");

        Assert.Equal(HttpStatusCode.OK, status);
        JsonElement root = body.GetProperty("actors")[0];
        Assert.Equal(("/user/node", "running", 8), (root.GetProperty("path").GetString(),
            root.GetProperty("state").GetString(), root.GetProperty("notShown").GetInt32()));
        Assert.Equal(
            ["/user/node/7", "/user/node/0"],
            root.GetProperty("children").EnumerateArray().Select(child => child.GetProperty("path").GetString()));
    }

    [Fact]
    public async Task Figures_are_plain_text_and_what_is_not_there_is_404_and_writing_is_405()
    {
        await using Asked asked = await Asked.StartAsync(() => Report(Well));

        using HttpResponseMessage metrics = await asked.Client.GetAsync("/metrics");
        using HttpResponseMessage nothing = await asked.Client.GetAsync("/api/secrets");
        using HttpResponseMessage written = await asked.Client.PostAsync("/api/health", new ByteArrayContent([]));

        Assert.Equal("a 1\n", await metrics.Content.ReadAsStringAsync());
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", $"{metrics.Content.Headers.ContentType}");
        Assert.Equal("no-store", $"{metrics.Headers.CacheControl}");
        Assert.Equal(
            (HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed), (nothing.StatusCode, written.StatusCode));
    }

    [Fact]
    public async Task How_the_control_log_stands_is_told_to_who_shows_the_token_and_404_where_there_is_none()
    {
        await using Asked with = await Asked.StartAsync(() => Report(Well), "the-token", Following);
        await using Asked none = await Asked.StartAsync(() => Report(Well));

        using HttpResponseMessage stranger = await with.Client.GetAsync("/api/control");
        with.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "the-token");
        (HttpStatusCode status, JsonElement body) = await with.GetAsync("/api/control");
        using HttpResponseMessage written = await with.Client.PostAsync("/api/control", new ByteArrayContent([]));
        using HttpResponseMessage absent = await none.Client.GetAsync("/api/control");
        using HttpResponseMessage nobody = await none.Client.GetAsync("/api/control/members");

        Assert.Equal(
            (HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.MethodNotAllowed),
            (stranger.StatusCode, status, written.StatusCode));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (absent.StatusCode, nobody.StatusCode));
        Assert.Equal(
            ("running", 7UL, 2UL, "it lost its key"),
            (body.GetProperty("state").GetString(), body.GetProperty("height").GetUInt64(),
                body.GetProperty("epoch").GetUInt64(), body.GetProperty("notVotingBecause").GetString()));
    }

    [Fact]
    public async Task With_a_token_only_life_is_told_to_who_does_not_show_it()
    {
        await using Asked asked = await Asked.StartAsync(() => Report(Well), "the-token");

        (HttpStatusCode live, JsonElement _) = await asked.GetAsync("/health/live");
        using HttpResponseMessage without = await asked.Client.GetAsync("/api/health");
        asked.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "the-tokem");
        using HttpResponseMessage wrong = await asked.Client.GetAsync("/api/health");
        asked.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "the-token");
        using HttpResponseMessage right = await asked.Client.GetAsync("/api/health");

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK),
            (live, without.StatusCode, wrong.StatusCode, right.StatusCode));
    }

    [Fact]
    public async Task Who_shows_no_token_keeps_no_connection_and_is_told_what_is_wanted()
    {
        await using Asked asked = await Asked.StartAsync(() => Report(Well), "the-token");

        using HttpResponseMessage live = await asked.Client.GetAsync("/health/live");
        using HttpResponseMessage without = await asked.Client.GetAsync("/api/health");
        asked.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "the-token");
        using HttpResponseMessage with = await asked.Client.GetAsync("/health/live");

        Assert.True(live.Headers.ConnectionClose);
        Assert.True(without.Headers.ConnectionClose);
        Assert.Equal("Bearer", $"{without.Headers.WwwAuthenticate}");
        Assert.NotEqual(true, with.Headers.ConnectionClose);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LocalHost")]
    [InlineData("127.0.0.1:80")]
    [InlineData("[::1]")]
    public async Task This_machines_own_names_are_answered(string host)
    {
        await using Asked asked = await Asked.StartAsync(() => Report(Well));
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/health");
        request.Headers.Host = host;

        using HttpResponseMessage response = await asked.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_page_that_reaches_the_port_under_its_own_name_gets_nothing()
    {
        await using Asked asked = await Asked.StartAsync(() => Report(Well));
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/health");
        request.Headers.Host = "evil.example.org";

        using HttpResponseMessage response = await asked.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
    }

    [Fact]
    public async Task An_answer_that_fails_is_500_and_the_next_is_given()
    {
        bool fails = true;
        await using Asked asked = await Asked.StartAsync(
            () => fails ? throw new InvalidOperationException("planted") : Report(Well));

        using HttpResponseMessage failed = await asked.Client.GetAsync("/api/health");
        fails = false;
        using HttpResponseMessage next = await asked.Client.GetAsync("/api/health");

        Assert.Equal((HttpStatusCode.InternalServerError, HttpStatusCode.OK), (failed.StatusCode, next.StatusCode));
    }

    [Fact]
    public async Task A_port_in_use_is_told_with_the_option_to_change()
    {
        await using Asked asked = await Asked.StartAsync(() => Report(Well));

        CommandException fault = await Assert.ThrowsAsync<CommandException>(() => OperationsServer.StartAsync(
            asked.Endpoint, null, new ObservedByOperators(() => Report(Well), Tree, () => default),
            NullLogger.Instance, CancellationToken.None));

        Assert.Contains("operations.listen", fault.Next);
    }

    private static HealthReport Report(HealthCheck check) => new(
        DateTimeOffset.UnixEpoch, "n1", 7, [check],
        [new HealthComponent(
            "/user/node/x", Verdict.Healthy, "running", DateTimeOffset.UnixEpoch, 3, 0, null, null, null)],
        new ResourceReading(0.5, 1, 2, 4, 5, 6, 7));

    private static TreeSnapshot Tree() => new(
        DateTimeOffset.UnixEpoch, null,
        [Actor("/user/node") with { Children = [.. Enumerable.Range(0, 10).Select(i => Actor($"/user/node/{i}") with
        {
            Own = i == 7 ? Verdict.Degraded : Verdict.Healthy,
        })] }]);

    private static ActorSnapshot Actor(string path) => new(
        new ActorPath("sigma", path, 1), "XActor", ActorState.Running, 0, 100, TimeSpan.Zero, 7, 0, 0, 0,
        TimeSpan.Zero, TimeSpan.Zero, null, null, null, [], [], Verdict.Healthy);

    private static ControlStatus Following() => new()
    {
        State = ControlState.Running,
        Epoch = new Epoch(2),
        Height = new Height(7),
        NotVotingBecause = "it lost its key",
    };

    private sealed class Asked : IAsyncDisposable
    {
        private OperationsServer? _server;

        public required NodeEndpoint Endpoint { get; init; }

        public required HttpClient Client { get; init; }

        public static async Task<Asked> StartAsync(
            Func<HealthReport> report, string? token = null, Func<ControlStatus>? control = null)
        {
            for (int attempt = 1; ; attempt++)
            {
                try
                {
                    return await TryStartAsync(report, token, control);
                }
                catch (CommandException) when (attempt < 10)
                {
                    // Somebody else was faster to take the free port.
                }
            }
        }

        private static async Task<Asked> TryStartAsync(
            Func<HealthReport> report, string? token, Func<ControlStatus>? control)
        {
            using TcpListener free = new(IPAddress.Loopback, 0);
            free.Start();
            NodeEndpoint endpoint = new("127.0.0.1", (ushort)((IPEndPoint)free.LocalEndpoint).Port);
            free.Stop();
            return new Asked
            {
                Endpoint = endpoint,
                Client = new HttpClient { BaseAddress = new Uri($"http://{endpoint}") },
                _server = await OperationsServer.StartAsync(
                    endpoint, token,
                    new ObservedByOperators(report, Tree, () => "a 1\n"u8.ToArray()) { Control = control },
                    NullLogger.Instance, CancellationToken.None),
            };
        }

        public async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path)
        {
            using HttpResponseMessage response = await Client.GetAsync(path);
            return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()));
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await _server!.DisposeAsync();
        }
    }
}
