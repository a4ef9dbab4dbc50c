using SigmaComms.Cluster.Peers;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests.Simulation;

/// <summary>How a simulated process dials.</summary>
internal sealed class SimDialer(SimNetwork network, SimHost host, SimIdentity identity) : ILinkDialer
{
    public ValueTask<SecuredChannel> DialAsync(NodeEndpoint endpoint, NodeId expected, CancellationToken ct) =>
        network.DialAsync(host, identity, endpoint, expected, ct);
}
