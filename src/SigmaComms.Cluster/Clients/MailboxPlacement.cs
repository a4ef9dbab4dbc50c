using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Clients;

/// <summary>
/// Stores a message with the owners of its mailbox: the first nodes by rank that can be used, and for each that does
/// not take it the next. Told by an owner that the view has moved on, it learns that view and goes to the new owners;
/// who has the message keeps it, and hands it over if it is no owner any more.
/// </summary>
internal sealed class MailboxPlacement(NodeContext node, NodeRouter router)
{
    private const int ViewsLearnedMax = 8;

    /// <summary>Stores.</summary>
    /// <returns>Done when as many nodes as there are copies have it in their journals; otherwise why not.</returns>
    public async ValueTask<LinkMessage> StoreAsync(NodeId recipient, HeldMessage message)
    {
        int copies = node.Options.Copies;
        HashSet<NodeId> kept = [];
        HashSet<NodeId> tried = [];
        Refused? refusal = null;
        int learned = 0;
        while (kept.Count < copies)
        {
            NodeId[] next = Next(recipient, kept, tried);
            if (next.Length == 0 || (tried.Count == 0 && kept.Count + next.Length < copies))
            {
                return refusal ?? Unavailable(kept.Count + next.Length, copies);
            }

            var request = new Store(recipient, message)
            {
                Claim = node.ClaimFor(recipient, [.. kept, .. next]),
            };
            LinkMessage[] answers = await Task.WhenAll(
                next.Select(target => router.AskAsync(target, request).AsTask()));
            for (int i = 0; i < next.Length; i++)
            {
                if (answers[i] is Done)
                {
                    kept.Add(next[i]);
                    continue;
                }

                refusal = answers[i] as Refused ?? new Refused(RefusalReason.Unknown, answers[i].GetType().Name);
                if (!(refusal.Reason == RefusalReason.StaleView && learned++ < ViewsLearnedMax
                    && await HasLearnedAsync(next[i], request.Claim.View)))
                {
                    tried.Add(next[i]);
                }
            }

            if (refusal is { Reason: RefusalReason.MailboxFull or RefusalReason.Malformed or RefusalReason.NotAllowed })
            {
                return refusal;
            }
        }

        return new Done();
    }

    private NodeId[] Next(NodeId recipient, HashSet<NodeId> kept, HashSet<NodeId> tried) =>
        [.. node.View.RankUp(recipient).Where(target => !kept.Contains(target) && !tried.Contains(target))
            .Take(node.Options.Copies - kept.Count)];

    /// <summary>Learns the view of a node that refused; false if it had nothing new: to ask again is no use.</summary>
    private async ValueTask<bool> HasLearnedAsync(NodeId from, MembershipView asked)
    {
        int ended = node.Refresh.Ended.Count;
        await node.Refresh.FromAsync(from);
        return node.View.Membership != asked || node.Refresh.Ended.Count != ended;
    }

    private static Refused Unavailable(int have, int need) => new(
        RefusalReason.Unavailable, $"{have} nodes can be used, {need} are needed; try again when more are up");
}
