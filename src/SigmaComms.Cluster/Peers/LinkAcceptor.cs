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
        var first = new TaskCompletionSource<(Hello Hello, ReplyTo Reply)?>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        var link = new LinkConnection(channel.Pipe, channel.PeerId, node.LinkOptions(node.Options.ClientRequestsMax));
        var greeted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        link.OnMessage = (message, reply) => OnFirstAsync(link, message, reply, first, greeted.Task);
        link.Start();
        try
        {
            (Hello hello, ReplyTo reply) = await HelloAsync(link, first);
            LinkMessage answer = await JudgeAsync(link, channel, hello);
            await reply.AnswerAsync(answer);
            greeted.TrySetResult();
            if (answer is Refused refused)
            {
                node.Logger.HelloRefused(channel.PeerId.Short, channel.RemoteAddress, refused.Reason, refused.Detail);
                await link.CloseAsync(refused.Reason, refused.Detail);
            }
        }
        catch (LinkException)
        {
            node.Logger.NoHello(channel.RemoteAddress);
            link.Abort("no hello came");
        }
        finally
        {
            greeted.TrySetResult();
        }

        await link.Closed;
    }

    private static async ValueTask OnFirstAsync(
        LinkConnection link,
        LinkMessage message,
        ReplyTo? reply,
        TaskCompletionSource<(Hello Hello, ReplyTo Reply)?> first,
        Task greeted)
    {
        if (message is not Hello hello || reply is null || !first.TrySetResult((hello, reply)))
        {
            link.Abort("the first message was not a hello");
            return;
        }

        // The request counts as in work until it is answered.
        await greeted;
    }

    private async ValueTask<(Hello Hello, ReplyTo Reply)> HelloAsync(
        LinkConnection link, TaskCompletionSource<(Hello Hello, ReplyTo Reply)?> first)
    {
        using var late = new CancellationTokenSource(node.Options.HelloTimeout, node.Time);
        await using CancellationTokenRegistration registration =
            late.Token.UnsafeRegister(_ => first.TrySetResult(null), null);
        _ = GiveUpAtEndAsync();
        return await first.Task
            ?? throw new LinkException(LinkFailure.TimedOut, "no hello came before the time-out or the end");

        async Task GiveUpAtEndAsync()
        {
            await link.Closed;
            first.TrySetResult(null);
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

        return hello.Kind == LinkKind.Client
            ? clients.Admit(link, channel)
            : await JudgeNodeAsync(link, hello);
    }

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
