using System.Text;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Tests.Configuration;

public sealed class ConfigurationObjectTests
{
    [Fact]
    public void Values_are_read_by_name()
    {
        (string name, int port) = Read("""{ "$schema": "x", "version": 1, "name": "n1", "port": 7101 }""");

        Assert.Equal(("n1", 7101), (name, port));
    }

    [Theory]
    [InlineData("""{ "version": 1, "nmae": "n1", "name": "n1", "port": 1 }""",
        "$.nmae is not a known key; known are version, name, port")]
    [InlineData("""{ "version": 1, "port": 1 }""", "$.name is missing")]
    [InlineData("""{ "version": 1, "name": "", "port": 1 }""", "$.name is not a text, or is empty")]
    [InlineData("""{ "version": 1, "name": "n1", "port": 70000 }""",
        "$.port is 70000, wanted is a whole number from 1 to 65535")]
    [InlineData("""{ "version": 1, "name": "n1", "port": "x" }""",
        "$.port is \"x\", wanted is a whole number from 1 to 65535")]
    [InlineData("""{ "version": 2, "name": "n1", "port": 1 }""", "$.version is 2, this sigma knows version 1")]
    [InlineData("""{ "name": "n1", "port": 1 }""", "$.version is missing")]
    [InlineData("[]", "$ is not an object")]
    [InlineData("{ \"version\": 1, \"version\": 1 }", "it is not JSON")]
    [InlineData("{", "it is not JSON")]
    [InlineData("", "it is not JSON")]
    public void A_fault_is_told_with_its_place(string text, string expected)
    {
        CommandException fault = Assert.Throws<CommandException>(() => Read(text));

        Assert.Equal(ExitCode.Usage, fault.ExitCode);
        Assert.Contains("test.json", fault.What, StringComparison.Ordinal);
        Assert.Contains(expected, fault.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_in_a_list_is_told_with_its_index()
    {
        byte[] text = Encoding.UTF8.GetBytes("""{ "version": 1, "nodes": [ { "name": "n1" }, { "nome": "n2" } ] }""");

        CommandException fault = Assert.Throws<CommandException>(() =>
            ConfigurationObject.Read("test.json", text, root => root.Objects("nodes", node => node.Text("name"))));

        Assert.Equal("$.nodes[1].name is missing", fault.Why);
    }

    [Fact]
    public void A_missing_file_is_not_found()
    {
        CommandException fault = Assert.Throws<CommandException>(() =>
            ConfigurationObject.ReadFile("no-such-folder/no-such.json", root => root.Text("name")));

        Assert.Equal(ExitCode.NotFound, fault.ExitCode);
    }

    private static (string Name, int Port) Read(string text) => ConfigurationObject.Read(
        "test.json", Encoding.UTF8.GetBytes(text), root => (root.Text("name"), root.Number("port", 1, 65535)));
}
