using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Membership;

/// <summary>
/// Decides whether this node serves a request that another one makes of it as an owner of a mailbox. A newer view than
/// its own it learns first; by one that is at least as new as the asker's it refuses what belongs elsewhere.
/// </summary>
internal sealed class OwnershipJudge(NodeContext node)
{
    /// <summary>What speaks against serving the request; null if nothing does.</summary>
    /// <param name="asker">The node that asks.</param>
    /// <param name="request">What it asks for.</param>
    public async ValueTask<Refused?> ObjectionAsync(NodeId asker, LinkMessage request)
    {
        (NodeId device, OwnershipClaim? said) = request switch
        {
            Store store => (store.Recipient, store.Claim),
            HandOver over => (over.Device, over.Claim),
            HoldingsOffer offer => (offer.Device, offer.Claim),
            OpenMailbox open => (open.Device, open.Claim),
            _ => default,
        };
        if (said is not { } claim)
        {
            return null;
        }

        if (node.Refresh.IsWorthwhile(asker, claim.View))
        {
            await node.Refresh.FromAsync(asker);
        }

        ClusterView view = node.View;
        if (view.IsOwner(node.Self, device, claim) || claim.View.Number > view.Membership.Number)
        {
            // By a view that could not be learned it may well be an owner: what it keeps is handed over if it is not.
            return null;
        }

        node.Logger.StaleViewRefused(asker.Short, device.Short, claim.View.Number, view.Membership.Number);
        return new Refused(
            RefusalReason.StaleView,
            $"by view {view.Membership.Number} of {node.Self.Short} the mailbox belongs elsewhere; learn that view")
        {
            ViewNumber = view.Membership.Number,
        };
    }

    /// <summary>A page of this node's members.</summary>
    public MembersPage PageAfter(NodeId after)
    {
        ClusterView view = node.View;
        Member[] rest = [.. view.Members.Values
            .Where(member => after == default || member.Id.CompareTo(after) > 0)
            .Take(LinkLimits.MembersPerMessage + 1)];
        return new MembersPage(
            view.Membership,
            [.. rest.Take(LinkLimits.MembersPerMessage).Select(member => member.Credential)],
            IsLast: rest.Length <= LinkLimits.MembersPerMessage);
    }
}
