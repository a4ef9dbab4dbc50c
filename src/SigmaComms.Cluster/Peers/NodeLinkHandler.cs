using SigmaComms.Actors;
using SigmaComms.Cluster.Clients;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Cluster.Mailboxes;
using SigmaComms.Cluster.Membership;
using SigmaComms.Cluster.Remoting;
using SigmaComms.Cluster.Storage.Doors;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Peers;

/// <summary>What becomes of the messages of another node: they go to the actors, and requests are answered.</summary>
internal sealed class NodeLinkHandler(
    LocalStore store,
    StorageDoor storage,
    OwnershipJudge owners,
    SubscriptionTable subscriptions,
    IActorRef membership,
    IdentityProof proof,
    RemoteActors remote,
    ControlDesk? control)
{
    /// <summary>Sets the handler of a link.</summary>
    /// <param name="link">The link; not started, or not yet welcomed.</param>
    /// <param name="lane">What it carries.</param>
    /// <param name="peer">The peer's actor.</param>
    public void Bind(LinkConnection link, Lane lane, IActorRef peer)
    {
        if (lane == Lane.Control)
        {
            link.OnMessage = (message, reply) => OnControlAsync(link, peer, message, reply);
            return;
        }

        StorageGuest guest = storage.Enter(link.PeerId, isNode: true);
        _ = LeaveWithLinkAsync(link, guest);
        link.OnMessage = (message, reply) => OnBulkAsync(link, guest, message, reply);
    }

    private ValueTask OnControlAsync(LinkConnection link, IActorRef peer, LinkMessage message, ReplyTo? reply)
    {
        switch (message)
        {
            case Heartbeat heartbeat:
                peer.Tell(new HeartbeatArrived(heartbeat));
                break;
            case MembershipGossip gossip:
                membership.Tell(new GossipArrived(link.PeerId, gossip));
                break;
            case ActorBatch batch when reply is null:
                remote.Accept(link.PeerId, batch);
                break;
            case ControlFrame frame when reply is null:
                control?.Accept(link.PeerId, frame);
                break;
            case Ping when reply is not null:
                return reply.AnswerAsync(new Pong());
            case ProveAlive question when reply is not null:
                return reply.AnswerAsync(proof.Answer(question));
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask OnBulkAsync(
        LinkConnection link, StorageGuest guest, LinkMessage message, ReplyTo? reply)
    {
        switch (message)
        {
            case MailboxDelivery delivery:
                subscriptions.Deliver(delivery);
                break;
            case ActorBatch batch when reply is null:
                remote.Accept(link.PeerId, batch);
                break;
            case ControlFrame frame when reply is null:
                control?.Accept(link.PeerId, frame);
                break;
            case MailboxReplaced replaced:
                subscriptions.Replaced(replaced);
                break;
            case AcknowledgeAt acknowledged:
                store.Acknowledge(acknowledged);
                break;
            case CloseMailbox close:
                // From a subscriber's node it ends the subscription here; from the holder it ends the one there.
                if (!subscriptions.Ended(close))
                {
                    store.Close(close);
                }

                break;
            case OpenMailbox open when reply is not null:
                await reply.AnswerAsync(await owners.ObjectionAsync(link.PeerId, open)
                    ?? await store.OpenAsync(open, new RemoteSubscriber(link, open.Device, open.Stamp)));
                _ = CloseWithLinkAsync(link, open);
                break;
            case GetMembers members when reply is not null:
                await reply.AnswerAsync(owners.PageAfter(members.After));
                break;
            default:
                if (reply is not null)
                {
                    await reply.AnswerAsync(StorageDoor.Takes(message)
                        ? await storage.AnswerAsync(guest, message)
                        : await owners.ObjectionAsync(link.PeerId, message) ?? await store.HandleAsync(message));
                }

                break;
        }
    }

    private static async Task LeaveWithLinkAsync(LinkConnection link, StorageGuest guest)
    {
        await link.Closed;
        guest.Dispose();
    }

    private async Task CloseWithLinkAsync(LinkConnection link, OpenMailbox open)
    {
        await link.Closed;
        store.Close(new CloseMailbox(open.Device, open.Stamp));
    }
}
