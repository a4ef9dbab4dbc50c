using SigmaComms.Actors.Health;
using SigmaComms.Cluster.Health;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Telemetry;

namespace SigmaComms.Node.Tests.Telemetry;

public sealed class TelemetryHealthTests
{
    private static readonly TelemetryConfiguration Configuration =
        new() { Seq = new Uri("http://127.0.0.1:5341"), SpoolMegabytes = 64 };

    private static readonly SpoolState Lost = new(
        IsReachable: false, DateTimeOffset.UnixEpoch, "Connection refused", 12 << 20, 40, 7, 2);

    [Fact]
    public void A_server_that_is_away_for_more_than_a_minute_degrades_the_node_with_figure_and_option()
    {
        HealthCheck check =
            NodeTelemetry.CheckOf(Lost, Configuration, DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(61));

        Assert.Equal(
            ("telemetry", "server_lost", Verdict.Degraded, TimeSpan.FromSeconds(61)),
            (check.Name, check.Code, check.Verdict, check.Age));
        Assert.Equal("7 batches sent, 12288 KiB wait on disk, 2 lost; Connection refused", check.Detail);
        Assert.StartsWith("12 of 64 MiB wait (telemetry.spoolMegabytes)", check.Recommendation);
    }

    [Theory]
    [InlineData(false, 60)]
    [InlineData(true, 3_600)]
    public void A_short_absence_or_a_server_that_is_there_is_healthy(bool isReachable, int seconds)
    {
        HealthCheck check = NodeTelemetry.CheckOf(
            Lost with { IsReachable = isReachable }, Configuration,
            DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(seconds));

        Assert.Equal(("ok", Verdict.Healthy), (check.Code, check.Verdict));
    }
}
