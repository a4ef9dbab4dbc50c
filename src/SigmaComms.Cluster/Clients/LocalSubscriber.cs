using SigmaComms.Actors;
using SigmaComms.Cluster.Mailboxes;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Clients;

/// <summary>A client that is connected to the node that keeps its mailbox.</summary>
internal sealed class LocalSubscriber(ClientSession session, IActorRef subscription) : IMailboxSubscriber
{
    public bool TryDeliver(HeldMessage message) =>
        session.TryPush(new Delivery(message.Sender, message.MessageId, message.Blob));

    public void Replaced() => subscription.Tell(new SubscriptionReplaced());

    public void Ended() => subscription.Tell(new SubscriptionEnded());
}
