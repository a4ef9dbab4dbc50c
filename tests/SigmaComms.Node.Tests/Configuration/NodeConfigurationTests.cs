using System.Text;
using Microsoft.Extensions.Logging;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Tests.Configuration;

public sealed class NodeConfigurationTests
{
    [Fact]
    public void What_was_saved_is_read_again()
    {
        using TemporaryFolder folder = new();
        NodeConfiguration saved = Read("""
            { "version": 1, "name": "n4", "listen": "127.0.0.1:4", "seeds": ["127.0.0.1:1", "h:2"], "logLevel": "debug" }
            """);

        saved.Save(folder["node.json"]);
        NodeConfiguration loaded = ConfigurationObject.ReadFile(folder["node.json"], NodeConfiguration.Read);

        Assert.Equal("n4", loaded.Name);
        Assert.Equal("127.0.0.1:4", loaded.Listen.ToString());
        Assert.Equal(["127.0.0.1:1", "h:2"], loaded.Seeds.Select(seed => seed.ToString()));
        Assert.Equal(LogLevel.Debug, loaded.LogLevel);
    }

    [Fact]
    public void An_unknown_log_level_and_a_bad_seed_are_faults()
    {
        Assert.Throws<CommandException>(
            () => Read("""{ "version": 1, "name": "n", "listen": "h:1", "logLevel": "loud" }"""));
        Assert.Throws<CommandException>(() => Read("""{ "version": 1, "name": "n", "listen": "h:1", "seeds": ["h"] }"""));
    }

    private static NodeConfiguration Read(string text) =>
        ConfigurationObject.Read("node.json", Encoding.UTF8.GetBytes(text), NodeConfiguration.Read);
}
