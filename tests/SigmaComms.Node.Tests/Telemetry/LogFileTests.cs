using System.Runtime.Versioning;
using System.Text.Json;
using SigmaComms.Node.Configuration;

namespace SigmaComms.Node.Tests.Telemetry;

[UnsupportedOSPlatform("windows")]
public sealed class LogFileTests
{
    [Fact]
    public async Task Each_event_is_one_line_of_JSON_with_its_fields_and_category()
    {
        await using ObservedNode node = new();
        node.Begin();
        node.Logger.ActorFailed(
            new InvalidOperationException("a \"planted\"\nfault"), "n1", 7, "/user/node/x", "XActor", 3);
        await node.EndAsync();

        string line = Assert.Single(Lines(node));
        JsonElement entry = JsonElement.Parse(line);

        Assert.Equal(
            (1, "warning", 912, "System", "n1"),
            (entry.GetProperty("v").GetInt32(), entry.GetProperty("level").GetString(),
                entry.GetProperty("event").GetInt32(), entry.GetProperty("category").GetString(),
                entry.GetProperty("node").GetString()));
        Assert.Equal(
            "n1/7: actor /user/node/x (XActor) failed, 3", entry.GetProperty("message").GetString());
        JsonElement fields = entry.GetProperty("fields");
        Assert.Equal("/user/node/x", fields.GetProperty("ActorPath").GetString());
        Assert.Equal(7UL, fields.GetProperty("Incarnation").GetUInt64());
        Assert.StartsWith(
            "System.InvalidOperationException: a \"planted\"\nfault", entry.GetProperty("exception").GetString());
    }

    [Fact]
    public async Task A_full_file_is_followed_by_the_next_and_the_oldest_go()
    {
        await using ObservedNode node = new()
        {
            Configuration = new TelemetryConfiguration
            {
                LogFile = LogFileRolling.Size, LogFileMegabytes = 1, LogFilesMax = 2,
            },
        };
        node.Begin();
        string path = "/user/" + new string('x', 10_000);
        for (int i = 0; i < 400; i++)
        {
            node.Logger.ActorFailed(null, "n1", 7, path, "XActor", i);
        }

        await node.EndAsync();

        FileInfo[] files = [.. Files(node).Select(file => new FileInfo(file))];
        Assert.Equal(2, files.Length);
        Assert.All(files, file => Assert.InRange(file.Length, 1, 1_100_000));
        Assert.Contains("failed, 399", Lines(node)[^1]);
    }

    [Fact]
    public async Task Off_writes_no_file()
    {
        await using ObservedNode node = new()
        {
            Configuration = new TelemetryConfiguration { LogFile = LogFileRolling.Off },
        };
        node.Begin();
        node.Logger.Refused("somebody");
        await node.EndAsync();

        Assert.False(Directory.Exists(node.Folder.LogFolder));
    }

    [Fact]
    public async Task The_file_is_for_its_owner_only()
    {
        await using ObservedNode node = new();
        node.Begin();
        node.Logger.Refused("somebody");
        await node.EndAsync();

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Files(node))));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(node.Folder.LogFolder));
    }

    private static string[] Files(ObservedNode node) =>
        [.. Directory.GetFiles(node.Folder.LogFolder).Order(StringComparer.Ordinal)];

    private static string[] Lines(ObservedNode node) => [.. Files(node).SelectMany(File.ReadLines)];
}
