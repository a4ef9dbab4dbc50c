using SigmaComms.Cluster.Peers;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Remoting;

/// <summary>Brings batches over the two links of a peer.</summary>
internal sealed class PeerLinksCarrier(PeerLinks links) : IRemoteLink
{
    public ValueTask SendAsync(Lane lane, ActorBatch batch, CancellationToken ct) =>
        (lane == Lane.Control ? links.Control : links.Bulk).SendAsync(batch, ct);
}
