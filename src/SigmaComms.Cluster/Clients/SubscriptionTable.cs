using System.Collections.Concurrent;
using SigmaComms.Actors;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Clients;

/// <summary>Which clients of this node read from mailboxes on other nodes. Safe to use from any thread.</summary>
internal sealed class SubscriptionTable
{
    private readonly ConcurrentDictionary<(NodeId Device, ulong Stamp), (ClientSession Session, IActorRef Actor)>
        _entries = new();

    public void Add(NodeId device, ulong stamp, ClientSession session, IActorRef actor) =>
        _entries[(device, stamp)] = (session, actor);

    public void Remove(NodeId device, ulong stamp) => _entries.TryRemove((device, stamp), out _);

    /// <summary>Passes a message of a holder to the client.</summary>
    public void Deliver(MailboxDelivery delivery)
    {
        if (_entries.TryGetValue((delivery.Device, delivery.Stamp), out (ClientSession Session, IActorRef Actor) entry)
            && !entry.Session.TryPush(new Delivery(delivery.Sender, delivery.MessageId, delivery.Blob)))
        {
            // The client's queue is full or it is gone: what it missed comes again when the mailbox is opened anew.
            entry.Actor.Tell(new SubscriptionEnded());
        }
    }

    /// <summary>The holder says that another subscription took over.</summary>
    public void Replaced(MailboxReplaced replaced)
    {
        if (_entries.TryGetValue((replaced.Device, replaced.Stamp), out (ClientSession Session, IActorRef Actor) entry))
        {
            entry.Actor.Tell(new SubscriptionReplaced());
        }
    }

    /// <summary>The holder says that it stopped pushing; false if that is not about a subscription here.</summary>
    public bool Ended(CloseMailbox close)
    {
        bool isHere = _entries.TryGetValue(
            (close.Device, close.Stamp), out (ClientSession Session, IActorRef Actor) entry);
        if (isHere)
        {
            entry.Actor.Tell(new SubscriptionEnded());
        }

        return isHere;
    }
}
