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
        string id = new('a', 64);
        NodeConfiguration saved = Read($$"""
            { "version": 1, "name": "n4", "listen": "127.0.0.1:4", "logLevel": "debug",
              "seeds": [ { "id": "{{id}}", "endpoint": "h:2" } ] }
            """);

        saved.Save(folder["node.json"]);
        NodeConfiguration loaded = ConfigurationObject.ReadFile(folder["node.json"], NodeConfiguration.Read);

        Assert.Equal("n4", loaded.Name);
        Assert.Equal("127.0.0.1:4", loaded.Listen.ToString());
        Assert.Equal((id, "h:2"), (loaded.Seeds[0].Id.ToString(), loaded.Seeds[0].Endpoint.ToString()));
        Assert.Equal(LogLevel.Debug, loaded.LogLevel);
    }

    [Fact]
    public void An_unknown_log_level_and_a_bad_seed_are_faults()
    {
        Assert.Throws<CommandException>(
            () => Read("""{ "version": 1, "name": "n", "listen": "h:1", "logLevel": "loud" }"""));
        Assert.Throws<CommandException>(() =>
            Read("""{ "version": 1, "name": "n", "listen": "h:1", "seeds": [{ "id": "a", "endpoint": "h:1" }] }"""));
    }

    [Fact]
    public void A_node_that_listens_everywhere_must_say_where_it_is_reached()
    {
        CommandException fault = Assert.Throws<CommandException>(
            () => Read("""{ "version": 1, "name": "n", "listen": "0.0.0.0:1", "seeds": [] }"""));
        NodeConfiguration told = Read(
            """{ "version": 1, "name": "n", "listen": "0.0.0.0:1", "advertise": "h:1", "seeds": [] }""");

        Assert.Contains("nobody can dial 0.0.0.0:1", fault.Why, StringComparison.Ordinal);
        Assert.Equal("h:1", told.Advertise.ToString());
    }

    private static NodeConfiguration Read(string text) =>
        ConfigurationObject.Read("node.json", Encoding.UTF8.GetBytes(text), NodeConfiguration.Read);
}
