using SigmaComms.Cluster.Peers;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Membership;

/// <summary>Asks one seed to take this node in, over a link of its own that ends with the answer.</summary>
internal sealed class JoinAttempt(NodeContext node)
{
    /// <summary>Asks. A failure is an outcome, not an exception.</summary>
    /// <param name="seed">Whom.</param>
    /// <param name="announcement">This node's word.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<JoinOutcome> RunAsync(SeedNode seed, NodeAnnouncement announcement, CancellationToken ct)
    {
        try
        {
            (LinkConnection link, _) = await new PeerDialer(node).DialAsync(
                seed.Endpoint, seed.Id, Lane.Join, bind: null, ct);
            await using (link)
            {
                // A seed that must find out whether another process of this identity lives may take a while.
                TimeSpan patience = node.Options.SuspicionMax + node.Options.RequestTimeout;
                var credential = new MemberCredential(node.Admission.Encoded, announcement.Encoded);
                JoinAccepted accepted = await link.RequestAsync<JoinAccepted>(
                    new JoinRequest(credential), patience, ct);
                return new JoinOutcome(seed, announcement.Nonce, accepted, null, string.Empty);
            }
        }
        catch (LinkException error)
        {
            return new JoinOutcome(seed, announcement.Nonce, null, error.Refusal, error.Message);
        }
    }
}
