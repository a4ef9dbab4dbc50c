using SigmaComms.Actors;
using SigmaComms.Cluster.Mailboxes;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster;

/// <summary>Answers requests from what this node itself keeps. It never forwards.</summary>
internal sealed class LocalStore(NodeContext node, LocalParts parts)
{
    /// <summary>Answers one request; a part that does not answer makes a refusal.</summary>
    /// <param name="request">The request, of another node or of this one's own router.</param>
    public async ValueTask<LinkMessage> HandleAsync(LinkMessage request)
    {
        (IActorRef Part, object Message)? route = request switch
        {
            Store store => (parts.Mailboxes, new ForMailbox(store.Recipient, new StoreMessages([store.Message]))),
            HandOver over => (parts.Mailboxes, new ForMailbox(over.Device, new StoreMessages(over.Messages))),
            HoldingsOffer offer => (parts.Mailboxes, new ForMailbox(offer.Device, new OfferMessages(offer.MessageIds))),
            StoreAccount or CommitAccount or FetchAccount or StoreLastResort or FetchBundle
                or FindDevice or GetRecordSummary or RecordPull => (parts.Directory, request),
            StorePrekeys or TakePrekey or CountPrekeys => (parts.Prekeys, request),
            _ => null,
        };
        if (route is not { } to)
        {
            return new Refused(RefusalReason.UnknownMessage, $"{request.GetType().Name} is not answered between nodes");
        }

        return await AskAsync(to.Part, to.Message);
    }

    /// <summary>Opens a mailbox of this node for a subscriber.</summary>
    public ValueTask<LinkMessage> OpenAsync(OpenMailbox open, IMailboxSubscriber subscriber) => AskAsync(
        parts.Mailboxes,
        new ForMailbox(open.Device, new OpenSubscription(subscriber, open.Stamp, open.Fresh)));

    /// <summary>A subscriber of a mailbox of this node is gone.</summary>
    public void Close(CloseMailbox close) =>
        parts.Mailboxes.Tell(new ForMailbox(close.Device, new CloseSubscription(close.Stamp)));

    /// <summary>Messages were acknowledged by their recipient.</summary>
    public void Acknowledge(AcknowledgeAt acknowledged) => parts.Mailboxes.Tell(
        new ForMailbox(acknowledged.Device, new AcknowledgeMessages(acknowledged.MessageIds)));

    private async ValueTask<LinkMessage> AskAsync(IActorRef part, object message)
    {
        try
        {
            return await part.Ask<LinkMessage>(message, node.Options.RequestTimeout);
        }
        catch (AskTimeoutException)
        {
            return new Refused(RefusalReason.StorageFailed, "this node's store did not answer in time");
        }
        catch (AskTargetTerminatedException)
        {
            return new Refused(RefusalReason.ShuttingDown, "this node is stopping");
        }
    }
}
