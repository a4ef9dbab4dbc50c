using SigmaComms.Client;
using SigmaComms.Node.Identities;
using SigmaComms.Node.Tests.Configuration;

namespace SigmaComms.Node.Tests.Identities;

public sealed class ComparedPeersTests
{
    [Fact]
    public void A_peer_is_noted_once_it_was_equal_until_it_was_not()
    {
        using TemporaryFolder home = new();
        IdentityFolder folder = new(home["alpha"]);

        ComparedPeers.Load(folder).With("gamma", true).With("beta", true).With("beta", true).Save(folder);
        IReadOnlyList<string> both = ComparedPeers.Load(folder).Names;
        ComparedPeers.Load(folder).With("beta", false).Save(folder);

        Assert.Equal(["beta", "gamma"], both);
        Assert.Equal(["gamma"], ComparedPeers.Load(folder).Names);
    }
}
