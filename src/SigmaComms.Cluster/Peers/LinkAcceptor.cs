using SigmaComms.Actors;
using SigmaComms.Cluster.Clients;
using SigmaComms.Cluster.Membership;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Peers;

/// <summary>
/// Serves every connection that comes in: the first message must say who it is and what it wants; nodes are judged
/// by membership, clients by the caps. A refused connection is told why and closed.
/// </summary>
internal sealed class LinkAcceptor(
    NodeContext node, IActorRef membership, IActorRef transport, NodeLinkHandler handler, ClientDoor clients)
{
    /// <summary>Serves one connection until it ends.</summary>
    public async Task ServeAsync(SecuredChannel channel)
    {
        var link = new LinkConnection(
            channel.Pipe, channel.PeerId, node.LinkOptions(node.Options.ClientRequestsMax));
        try
        {
            using var late = new CancellationTokenSource(node.Options.HelloTimeout, node.Time);
            LinkFrame first = await LinkGreeting.ReadAsync(channel.Pipe, late.Token);
            switch (first)
            {
                case { Kind: FrameKind.Request, Message: Hello hello }:
                    await GreetAsync(link, channel, hello, first.Correlation);
                    break;
                case { Kind: FrameKind.Request, Message: Renew renew }:
                    // The connection belongs to a link that is there already.
                    await node.Renewals.ServeAsync(channel.Pipe, channel.PeerId, renew, first.Correlation, late.Token);
                    return;
                default:
                    throw new LinkException(LinkFailure.Unexpected, "the first message was not a hello");
            }
        }
        catch (Exception error) when (error is LinkException or OperationCanceledException)
        {
            node.Logger.NoHello(channel.RemoteAddress);
            link.Abort("no hello came");
        }

        await link.FirstConnectionClosed;
    }

    private async ValueTask GreetAsync(LinkConnection link, SecuredChannel channel, Hello hello, ulong correlation)
    {
        LinkMessage answer = await JudgeAsync(link, channel, hello);
        using var late = new CancellationTokenSource(node.Options.HelloTimeout, node.Time);
        await LinkGreeting.WriteAsync(channel.Pipe, answer, FrameKind.Reply, correlation, late.Token);
        link.Start();
        if (answer is Refused refused)
        {
            node.Logger.HelloRefused(channel.PeerId.Short, channel.RemoteAddress, refused.Reason, refused.Detail);
            await link.CloseAsync(refused.Reason, refused.Detail);
        }
    }

    private async ValueTask<LinkMessage> JudgeAsync(LinkConnection link, SecuredChannel channel, Hello hello)
    {
        if (hello.Protocol != LinkLimits.Protocol)
        {
            return new Refused(
                RefusalReason.WrongProtocol, $"this node speaks version {LinkLimits.Protocol} of the link protocol");
        }

        if (hello.Cluster != node.Options.Cluster)
        {
            return new Refused(
                RefusalReason.WrongCluster,
                $"this node belongs to cluster {node.Options.Cluster}, not to {hello.Cluster}");
        }

        if (hello.Kind == LinkKind.Client)
        {
            node.Renewals.Allow(link, _ => Welcome());
            return clients.Admit(link, channel);
        }

        return await JudgeNodeAsync(link, hello);
    }

    private Welcome Welcome() => new(node.Options.Cluster, node.Incarnation, node.Admission.Encoded);

    /// <summary>A new handshake is the time to see that the admission has not ended.</summary>
    private LinkMessage JudgeRenewal(LinkConnection link, Renew renew) =>
        node.Authority.Judge(renew.Admission, link.PeerId, node.Time.GetUtcNow()).Refusal is { } refusal
            ? refusal
            : Welcome();

    private async ValueTask<LinkMessage> JudgeNodeAsync(LinkConnection link, Hello hello)
    {
        try
        {
            LinkMessage answer = await membership.Ask<LinkMessage>(
                new JudgeHello(hello, link.PeerId), node.Options.RequestTimeout);
            if (answer is Refused)
            {
                return answer;
            }

            if (hello.Lane == Lane.Join)
            {
                link.OnMessage = (message, reply) => OnJoinAsync(link, message, reply);
                return answer;
            }

            PeerFound peer = await transport.Ask<PeerFound>(new FindPeer(link.PeerId), node.Options.RequestTimeout);
            link.AllowRequests(NodeContext.PeerRequestsMax);
            node.Renewals.Allow(link, renew => JudgeRenewal(link, renew));
            handler.Bind(link, hello.Lane, peer.Actor);
            transport.Tell(new LinkAccepted(link.PeerId, new LinkReady(hello.Lane, link, hello.Incarnation)));
            return answer;
        }
        catch (Exception error) when (error is AskTimeoutException or AskTargetTerminatedException)
        {
            return new Refused(RefusalReason.Unavailable, "the node is starting or stopping");
        }
    }

    private async ValueTask OnJoinAsync(LinkConnection link, LinkMessage message, ReplyTo? reply)
    {
        if (message is not JoinRequest request || reply is null)
        {
            link.Abort("only a request to join was expected");
            return;
        }

        try
        {
            TimeSpan patience = node.Options.SuspicionMax + node.Options.RequestTimeout;
            await reply.AnswerAsync(await membership.Ask<LinkMessage>(new JudgeJoin(request, link.PeerId), patience));
        }
        catch (Exception error) when (error is AskTimeoutException or AskTargetTerminatedException)
        {
            await reply.RefuseAsync(RefusalReason.Unavailable, "the node could not decide in time; try again");
        }
    }
}
