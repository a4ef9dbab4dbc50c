using SigmaComms.Cluster.Peers;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>Offers messages to a node where they belong, and sends those it lacks.</summary>
internal sealed class HandOverTask(NodeContext node, NodeId device)
{
    private const int MessagesPerPage = 500;
    private const long BytesPerPage = 512 * 1024;

    /// <summary>Offers. A failure is an outcome, not an exception.</summary>
    /// <param name="target">Where the messages belong.</param>
    /// <param name="links">The links to it.</param>
    /// <param name="messages">What to offer.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<HandOverOutcome> RunAsync(
        NodeId target, PeerLinks links, IReadOnlyList<HeldMessage> messages, CancellationToken ct)
    {
        try
        {
            TimeSpan timeout = node.Options.RequestTimeout;
            HoldingsAnswer answer = await links.Bulk.RequestAsync<HoldingsAnswer>(
                new HoldingsOffer(device, [.. messages.Select(message => message.MessageId)]), timeout, ct);
            HashSet<Digest16> wanted = [.. answer.Wanted];
            foreach (IReadOnlyList<HeldMessage> page in Pages(messages.Where(m => wanted.Contains(m.MessageId))))
            {
                await links.Bulk.RequestAsync<Done>(new HandOver(device, page), timeout, ct);
            }

            HashSet<Digest16> gone = [.. answer.Gone];
            Digest16[] confirmed = [.. messages.Select(m => m.MessageId).Where(id => !gone.Contains(id))];
            return new HandOverOutcome(target, links.Session, confirmed, answer.Gone);
        }
        catch (LinkException error)
        {
            node.Logger.HandOverFailed(device.Short, target.Short, error.Message);
            return new HandOverOutcome(target, links.Session, [], []);
        }
    }

    private static IEnumerable<IReadOnlyList<HeldMessage>> Pages(IEnumerable<HeldMessage> messages)
    {
        var page = new List<HeldMessage>();
        long bytes = 0;
        foreach (HeldMessage message in messages)
        {
            page.Add(message);
            bytes += MailboxState.Size(message);
            if (bytes >= BytesPerPage || page.Count == MessagesPerPage)
            {
                yield return page;
                page = [];
                bytes = 0;
            }
        }

        if (page.Count > 0)
        {
            yield return page;
        }
    }
}
