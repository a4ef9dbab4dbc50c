using System.Runtime.Versioning;
using System.Text;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Tests.Configuration;

[UnsupportedOSPlatform("windows")]
public sealed class TelemetryConfigurationTests
{
    [Fact]
    public void Without_a_word_only_the_daily_log_file_is_on()
    {
        NodeConfiguration configuration = Read("");

        Assert.Null(configuration.Telemetry.Seq);
        Assert.Equal(LogFileRolling.Day, configuration.Telemetry.LogFile);
        Assert.Null(configuration.Operations.Listen);
    }

    [Fact]
    public void What_was_saved_is_read_again()
    {
        using TemporaryFolder folder = new();
        NodeConfiguration saved = Read("""
            , "telemetry": { "seq": "https://seq.example.org", "apiKeyFile": "/k", "spoolMegabytes": 5,
                "tracesPercent": 7, "logFile": "hour", "logFileMegabytes": 8, "logFilesMax": 9 },
              "operations": { "listen": "127.0.0.1:7201", "tokenFile": "/t",
                "healthWindowSeconds": 60 }
            """);

        saved.Save(folder["node.json"]);
        NodeConfiguration loaded = ConfigurationObject.ReadFile(folder["node.json"], NodeConfiguration.Read);

        Assert.Equal(saved.Telemetry, loaded.Telemetry);
        Assert.Equal((9, 7), (loaded.Telemetry.LogFilesMax, loaded.Telemetry.TracesPercent));
        Assert.Equal(("127.0.0.1:7201", "/t"), ($"{loaded.Operations.Listen}", loaded.Operations.TokenFile));
        Assert.Equal(60, loaded.Operations.HealthWindowSeconds);
    }

    [Theory]
    [InlineData("""{ "seq": "ftp://h" }""")]
    [InlineData("""{ "seq": "http://user:secret@h" }""")]
    [InlineData("""{ "spoolMegabytes": 0 }""")]
    [InlineData("""{ "tracesPercent": 101 }""")]
    [InlineData("""{ "logFile": "weekly" }""")]
    [InlineData("""{ "apiKey": "in the file" }""")]
    public void What_cannot_be_used_is_a_fault(string telemetry) =>
        Assert.Throws<CommandException>(() => Read($", \"telemetry\": {telemetry}"));

    [Fact]
    public void The_environment_wins_over_the_file()
    {
        Dictionary<string, string> environment = new()
        {
            ["SIGMA_SEQ_URL"] = "http://127.0.0.1:5341",
            ["SIGMA_SEQ_SPOOL_MEGABYTES"] = "3",
            ["SIGMA_LOG_FILE"] = "size",
            ["SIGMA_OPERATIONS_LISTEN"] = "127.0.0.1:9",
            ["SIGMA_HEALTH_WINDOW_SECONDS"] = "20",
        };

        NodeConfiguration configuration =
            Read(""", "telemetry": { "spoolMegabytes": 5, "logFilesMax": 9 }""")
                .WithEnvironment(environment.GetValueOrDefault);

        Assert.Equal("http://127.0.0.1:5341/", configuration.Telemetry.Seq!.AbsoluteUri);
        Assert.Equal(
            (3, LogFileRolling.Size, 9),
            (configuration.Telemetry.SpoolMegabytes, configuration.Telemetry.LogFile,
                configuration.Telemetry.LogFilesMax));
        Assert.Equal("127.0.0.1:9", $"{configuration.Operations.Listen}");
        Assert.Equal(20, configuration.Operations.HealthWindowSeconds);
    }

    [Theory]
    [InlineData("SIGMA_SEQ_URL", "here")]
    [InlineData("SIGMA_LOG_FILES_MAX", "-1")]
    [InlineData("SIGMA_OPERATIONS_LISTEN", "7201")]
    [InlineData("SIGMA_HEALTH_WINDOW_SECONDS", "0")]
    public void A_variable_that_cannot_be_used_is_named(string name, string value)
    {
        CommandException fault = Assert.Throws<CommandException>(
            () => Read("").WithEnvironment(asked => asked == name ? value : null));

        Assert.Contains(name, fault.What);
    }

    [Fact]
    public void The_API_key_comes_from_a_file_for_its_owner_only_and_never_goes_over_plain_http_to_others()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["key"], "the-key\n");
        TelemetryConfiguration local = new() { Seq = new Uri("http://127.0.0.1:5341"), ApiKeyFile = folder["key"] };
        TelemetryConfiguration far = local with { Seq = new Uri("http://seq.example.org") };

        File.SetUnixFileMode(folder["key"], UnixFileMode.UserRead | UnixFileMode.OtherRead);
        CommandException open = Assert.Throws<CommandException>(() => local.ReadApiKey(_ => null));
        File.SetUnixFileMode(folder["key"], UnixFileMode.UserRead);

        Assert.Equal(ExitCode.NotAuthorised, open.ExitCode);
        Assert.Equal("the-key", local.ReadApiKey(_ => null));
        Assert.Throws<CommandException>(() => far.ReadApiKey(_ => null));
        Assert.Equal("the-key", (far with { Seq = new Uri("https://seq.example.org") }).ReadApiKey(_ => null));
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("a\nline break")]
    [InlineData("ümlaut")]
    public void A_key_from_the_environment_that_no_header_can_hold_is_refused(string key)
    {
        CommandException fault = Assert.Throws<CommandException>(() =>
            new TelemetryConfiguration { Seq = new Uri("http://127.0.0.1:5341") }.ReadApiKey(
                name => name == TelemetryConfiguration.ApiKeyVariable ? key : null));

        Assert.Equal(ExitCode.Usage, fault.ExitCode);
        Assert.DoesNotContain(key, fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0:7201")]
    [InlineData("192.0.2.1:7201")]
    public void Operators_from_elsewhere_need_a_token(string listen)
    {
        OperationsConfiguration open =
            Read($", \"operations\": {{ \"listen\": \"{listen}\" }}").Operations;

        Assert.Throws<CommandException>(() => open.ReadToken(_ => null));
        Assert.Equal("secret", open.ReadToken(_ => "secret"));
    }

    private static NodeConfiguration Read(string more) => ConfigurationObject.Read(
        "node.json",
        Encoding.UTF8.GetBytes($$"""{ "version": 1, "name": "n1", "listen": "127.0.0.1:1"{{more}} }"""),
        NodeConfiguration.Read);
}
