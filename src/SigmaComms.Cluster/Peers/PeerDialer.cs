using SigmaComms.Cluster.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Peers;

/// <summary>Dials a node and says who this one is.</summary>
internal sealed class PeerDialer(NodeContext node)
{
    /// <summary>Opens a link; the peer has accepted this node, and proved to be admitted itself.</summary>
    /// <param name="endpoint">Where.</param>
    /// <param name="peer">Who must answer.</param>
    /// <param name="lane">What the link will carry.</param>
    /// <param name="bind">Sets what becomes of the peer's messages before the link starts.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="LinkException">Not reached, refused, or not what was expected.</exception>
    public async Task<(LinkConnection Link, Welcome Welcome)> DialAsync(
        NodeEndpoint endpoint, NodeId peer, Lane lane, Action<LinkConnection>? bind, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(node.Options.DialTimeout, node.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ct);
        SecuredChannel channel;
        try
        {
            channel = await node.Dialer.DialAsync(endpoint, peer, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new LinkException(LinkFailure.Unreachable, $"{endpoint} did not answer in time");
        }

        var link = new LinkConnection(channel.Pipe, channel.PeerId, node.LinkOptions(NodeContext.PeerRequestsMax));
        try
        {
            bind?.Invoke(link);
            link.Start();
            Welcome welcome = await link.RequestAsync<Welcome>(node.Hello(lane), node.Options.DialTimeout, ct);
            Check(welcome, peer);
            if (lane != Lane.Join)
            {
                link.KeepFresh(Freshness(endpoint, peer));
            }

            return (link, welcome);
        }
        catch (Exception error) when (error is LinkException or OperationCanceledException)
        {
            link.Abort(error.Message);
            throw;
        }
    }

    private LinkFreshness Freshness(NodeEndpoint endpoint, NodeId peer) => new()
    {
        Interval = node.Options.HandshakeInterval,
        DialAsync = async ct =>
        {
            SecuredChannel next = await node.Dialer.DialAsync(endpoint, peer, ct);
            return (next.Pipe, next.PeerId);
        },
        Check = welcome => Check(welcome, peer),
        Admission = node.Admission.Encoded,
        Random = node.Random,
    };

    private void Check(Welcome welcome, NodeId peer)
    {
        if (welcome.Cluster != node.Options.Cluster)
        {
            throw new LinkException(new Refused(
                RefusalReason.WrongCluster,
                $"node {peer.Short} belongs to cluster {welcome.Cluster}, this node to {node.Options.Cluster}"));
        }

        AdmissionDecision decision = node.Authority.Judge(welcome.Admission, peer, node.Time.GetUtcNow());
        if (decision.Refusal is { } refusal)
        {
            throw new LinkException(refusal with { Detail = $"the seed or peer {peer.Short}: {refusal.Detail}" });
        }
    }
}
