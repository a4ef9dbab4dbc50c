using SigmaComms.Messaging.Links;

namespace SigmaComms.Messaging.Tests.Links;

public sealed class NodeEndpointTests
{
    [Theory]
    [InlineData("127.0.0.1:7001", "127.0.0.1", 7001)]
    [InlineData("node.example:1", "node.example", 1)]
    [InlineData("[::1]:65535", "::1", 65535)]
    public void Host_and_port_are_read_and_written_back(string text, string host, int port)
    {
        bool ok = NodeEndpoint.TryParse(text, out NodeEndpoint? endpoint);

        Assert.True(ok);
        Assert.Equal(new NodeEndpoint(host, (ushort)port), endpoint);
        Assert.Equal(text, endpoint!.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(":7001")]
    [InlineData("host")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:+1")]
    [InlineData("::1:7001")]
    [InlineData("a b:7001")]
    public void Anything_else_is_refused(string? text)
    {
        Assert.False(NodeEndpoint.TryParse(text, out _));
    }
}
