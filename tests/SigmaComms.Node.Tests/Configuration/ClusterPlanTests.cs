using System.Text;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Tests.Configuration;

public sealed class ClusterPlanTests
{
    private const string Good =
        """
        { "version": 1, "name": "c", "seeds": ["seeds/a.json"],
          "nodes": [ { "name": "a", "listen": "127.0.0.1:1" },
              { "name": "b", "listen": "[::1]:2", "advertise": "host:3" } ] }
        """;

    [Fact]
    public void The_embedded_plan_has_three_seeds_and_a_fourth_node()
    {
        ClusterPlan plan = ClusterPlan.Load(null);

        Assert.Equal("local-4", plan.Name);
        Assert.Equal(["n1", "n2", "n3"], plan.Seeds.Select(seed => seed.Name));
        Assert.Equal(["n1", "n2", "n3", "n4"], plan.Nodes.Select(node => node.Name));
    }

    [Fact]
    public void A_node_is_reached_where_it_listens_unless_it_says_otherwise()
    {
        ClusterPlan plan = Read(Good);

        Assert.Equal("127.0.0.1:1", plan.Nodes[0].Advertise.ToString());
        Assert.Equal("host:3", plan.Nodes[1].Advertise.ToString());
        Assert.Equal("[::1]:2", plan.Nodes[1].Listen.ToString());
    }

    [Theory]
    [InlineData("127.0.0.1:1", "127.0.0.1:0", "$.nodes[0].listen is \"127.0.0.1:0\", wanted is host:port")]
    [InlineData("127.0.0.1:1", "127.0.0.1:65536", "$.nodes[0].listen is")]
    [InlineData("127.0.0.1:1", "127.0.0.1", "$.nodes[0].listen is")]
    [InlineData("\"a\", \"listen\"", "\"A!\", \"listen\"", "$.nodes[0].name is \"A!\", wanted is 1 to 32")]
    [InlineData("\"b\"", "\"a\"", "$.nodes[1].name is \"a\", which another node has already")]
    [InlineData("host:3", "127.0.0.1:1", "$.nodes[1] would be reached at 127.0.0.1:1, as another node is")]
    [InlineData("127.0.0.1:1", "0.0.0.0:1", "$.nodes[0].advertise must say where others reach the node")]
    [InlineData("\"host:3\"", "\"[::]:3\"", "$.nodes[1].advertise must say where others reach the node")]
    [InlineData("seeds/a.json", "seeds/b.json", "$.seeds[0] says b is reached at 127.0.0.1:1, .nodes says host:3")]
    [InlineData("\"seeds\"", "\"seads\"", "$.seads is not a known key")]
    [InlineData("\"advertise\"", "\"advertize\"", "$.nodes[1].advertize is not a known key")]
    public void A_fault_of_the_plan_is_told_with_its_place(string part, string replacement, string expected)
    {
        CommandException fault = Assert.Throws<CommandException>(
            () => Read(Good.Replace(part, replacement, StringComparison.Ordinal)));

        Assert.Equal(ExitCode.Usage, fault.ExitCode);
        Assert.StartsWith(expected, fault.Why, StringComparison.Ordinal);
    }

    private static ClusterPlan Read(string text) => ConfigurationObject.Read(
        "plan.json", Encoding.UTF8.GetBytes(text), root => ClusterPlan.Read(root, SeedAtOne));

    private static SeedFile SeedAtOne(string path) =>
        new(Path.GetFileNameWithoutExtension(path), new NodeEndpoint("127.0.0.1", 1), default);
}
