using SigmaComms.Actors;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>
/// Offers messages to a node where they belong, and sends those it lacks: page by page, read from the journal by the
/// mailbox, so that not more than a page is in memory.
/// </summary>
internal sealed class HandOverTask(NodeContext node, NodeId device, IActorRef mailbox)
{
    private const int MessagesPerPage = 500;

    /// <summary>Offers. A failure is an outcome, not an exception.</summary>
    /// <param name="offer">What to offer, and to whom.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<HandOverOutcome> RunAsync(HandOverOffer offer, CancellationToken ct)
    {
        try
        {
            OwnershipClaim claim = node.ClaimFor(device, node.View.OwnersOf(device, node.Options.Copies));
            HoldingsAnswer answer = await offer.Links.Bulk.RequestAsync<HoldingsAnswer>(
                new HoldingsOffer(device, offer.MessageIds) { Claim = claim }, node.Options.RequestTimeout, ct);
            HashSet<Digest16> wanted = [.. answer.Wanted];
            if (!await SendAsync(offer, claim, [.. offer.MessageIds.Where(wanted.Contains)], ct))
            {
                return Failed(offer);
            }

            HashSet<Digest16> gone = [.. answer.Gone];
            Digest16[] confirmed = [.. offer.MessageIds.Where(id => !gone.Contains(id))];
            return new HandOverOutcome(offer.Target, offer.Links.Session, confirmed, answer.Gone);
        }
        catch (Exception error) when (error is LinkException or AskTimeoutException or AskTargetTerminatedException)
        {
            node.Logger.HandOverFailed(device.Short, offer.Target.Short, error.Message);
            if (error is LinkException { Refusal.Reason: RefusalReason.StaleView })
            {
                // The new view comes to the mailbox as any other does, and it is offered to the new owners then.
                await node.Refresh.FromAsync(offer.Target);
            }

            return Failed(offer);
        }
    }

    private static HandOverOutcome Failed(HandOverOffer offer) => new(offer.Target, offer.Links.Session, [], []);

    private async Task<bool> SendAsync(
        HandOverOffer offer, OwnershipClaim claim, Digest16[] wanted, CancellationToken ct)
    {
        TimeSpan timeout = node.Options.RequestTimeout;
        int sent = 0;
        while (sent < wanted.Length)
        {
            Digest16[] next = wanted[sent..Math.Min(wanted.Length, sent + MessagesPerPage)];
            MessagesRead page = await mailbox.Ask<MessagesRead>(new ReadMessages(next), timeout, ct);
            if (page.Considered == 0)
            {
                return false;
            }

            if (page.Messages.Count > 0)
            {
                await offer.Links.Bulk.RequestAsync<Done>(
                    new HandOver(device, page.Messages) { Claim = claim }, timeout, ct);
            }

            sent += page.Considered;
        }

        return true;
    }
}
