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

    [Fact]
    public void A_server_for_the_journal_is_read_and_written_and_without_one_it_is_a_file()
    {
        using TemporaryFolder folder = new();
        NodeConfiguration saved = ReadStore(
            """{ "kind": "postgresql", "connection": "Host=db;Username=u", "schema": "n1", "passwordFile": "/p" }""");

        saved.Save(folder["node.json"]);
        NodeConfiguration loaded = ConfigurationObject.ReadFile(folder["node.json"], NodeConfiguration.Read);

        Assert.Equal(new StoreChoice("Host=db;Username=u", "n1", "/p"), loaded.Store);
        Assert.Equal("sigma", ReadStore("""{ "kind": "postgresql", "connection": "Host=db" }""").Store!.Schema);
        Assert.Null(ReadStore("""{ "kind": "sqlite" }""").Store);
        Assert.Null(Read("""{ "version": 1, "name": "n", "listen": "h:1" }""").Store);
    }

    [Theory]
    [InlineData("""{ }""", "$.store.kind is missing")]
    [InlineData("""{ "kind": "oracle" }""", "$.store.kind is \"oracle\", wanted is sqlite or postgresql")]
    [InlineData("""{ "kind": "sqlite", "connection": "Host=db" }""", "$.store.connection is not a known key")]
    [InlineData("""{ "kind": "postgresql" }""", "$.store.connection is missing")]
    [InlineData("""{ "kind": "postgresql", "connection": "Username=u" }""", "$.store.connection names no Host")]
    [InlineData("""{ "kind": "postgresql", "connection": "hunter2" }""", "$.store.connection is no connection")]
    [InlineData(
        """{ "kind": "postgresql", "connection": "Host=d;Password=hunter2" }""", "$.store.connection holds a password")]
    [InlineData(
        """{ "kind": "postgresql", "connection": "Host=db", "schema": "A b" }""", "$.store.schema is \"A b\"")]
    public void A_faulty_store_is_told_with_its_place_and_without_a_password(string store, string why)
    {
        CommandException fault = Assert.Throws<CommandException>(() => ReadStore(store));

        Assert.StartsWith(why, fault.Why);
        Assert.DoesNotContain("hunter2", fault.Why);
    }

    [Fact]
    public async Task The_password_of_the_server_comes_from_its_file_then_from_the_environment_and_may_be_absent()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["password"], "from the file\nsecond line");
        var choice = new StoreChoice("Host=db", "n1", folder["password"]);

        Assert.Equal("from the file", (await choice.ToOptionsAsync(_ => "from outside", default)).Password);
        choice = choice with { PasswordFile = null };
        Assert.Equal("from outside", (await choice.ToOptionsAsync(_ => "from outside", default)).Password);
        Assert.Null((await choice.ToOptionsAsync(_ => null, default)).Password);
        choice = choice with { PasswordFile = folder["missing"] };
        await Assert.ThrowsAsync<CommandException>(() => choice.ToOptionsAsync(_ => null, default));
    }

    private static NodeConfiguration ReadStore(string store) =>
        Read($$"""{ "version": 1, "name": "n", "listen": "h:1", "store": {{store}} }""");

    private static NodeConfiguration Read(string text) =>
        ConfigurationObject.Read("node.json", Encoding.UTF8.GetBytes(text), NodeConfiguration.Read);
}
