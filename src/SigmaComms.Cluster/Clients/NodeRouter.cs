using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Clients;

/// <summary>Asks any node, this one included. What goes wrong on the way is a refusal, not an exception.</summary>
internal sealed class NodeRouter(NodeContext node, LocalStore store)
{
    /// <summary>Asks one node to answer from its own store.</summary>
    public async ValueTask<LinkMessage> AskAsync(NodeId target, LinkMessage request)
    {
        if (target == node.Self)
        {
            return await store.HandleAsync(request);
        }

        if (node.Links.Find(target) is not { } links)
        {
            return new Refused(RefusalReason.Unavailable, $"node {target.Short} is not linked");
        }

        try
        {
            return await links.Bulk.RequestAsync(request, node.Options.RequestTimeout, CancellationToken.None);
        }
        catch (LinkException error)
        {
            return new Refused(
                error.Reason == LinkFailure.TimedOut ? RefusalReason.TimedOut : RefusalReason.Unavailable,
                error.Message);
        }
    }
}
