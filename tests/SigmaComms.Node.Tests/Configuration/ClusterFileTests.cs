using System.Text;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Tests.Configuration;

public sealed class ClusterFileTests
{
    [Fact]
    public void What_was_saved_is_read_again()
    {
        using TemporaryFolder folder = new();
        ClusterId id = ClusterId.Create(SystemRandom.Instance);
        ClusterFile saved =
            new("c", id, new byte[1952], [new ClusterFileNode("n1", NodeId.Of([1]), new NodeEndpoint("127.0.0.1", 7))]);

        saved.Save(folder["cluster.json"]);
        ClusterFile loaded = ClusterFile.Load(folder["cluster.json"]);

        Assert.Equal(id, loaded.Cluster);
        Assert.Equal(1952, loaded.OperatorPublicKey.Length);
        Assert.Equal(saved.Nodes, loaded.Nodes);
    }

    [Theory]
    [InlineData("xyz", "AAAA", "$.cluster is not 32 hexadecimal digits")]
    [InlineData("00112233445566778899aabbccddeeff", "AAAA", "$.operatorPublicKey has 3 bytes, wanted are 1952")]
    [InlineData("00112233445566778899aabbccddeeff", "!", "$.operatorPublicKey is not base64")]
    public void A_damaged_id_or_key_is_told(string cluster, string key, string expected)
    {
        string text = $$"""
            { "version": 1, "name": "c", "cluster": "{{cluster}}", "operatorPublicKey": "{{key}}",
              "nodes": [ { "name": "n1", "id": "", "endpoint": "h:1" } ] }
            """;

        CommandException fault = Assert.Throws<CommandException>(
            () => ConfigurationObject.Read("cluster.json", Encoding.UTF8.GetBytes(text), ClusterFile.Read));

        Assert.Equal(expected, fault.Why);
    }
}
