using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Peers;

/// <summary>How connections go out: sockets, or a network in memory.</summary>
internal interface ILinkDialer
{
    /// <summary>Connects and proves both sides' keys.</summary>
    /// <param name="endpoint">Where.</param>
    /// <param name="expected">Who must answer.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="SigmaComms.Transport.Links.LinkException">Not reached, or it is another.</exception>
    ValueTask<SecuredChannel> DialAsync(NodeEndpoint endpoint, NodeId expected, CancellationToken ct);
}
