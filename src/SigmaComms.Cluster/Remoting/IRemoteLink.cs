using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Remoting;

/// <summary>What brings batches to one peer: the two links of a node, or a network that loses and doubles.</summary>
internal interface IRemoteLink
{
    /// <summary>Sends one batch; waits while too much is waiting to be written.</summary>
    /// <param name="lane">On which lane.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="ct">Gives up the wait.</param>
    /// <exception cref="SigmaComms.Transport.Links.LinkException">The link has ended.</exception>
    ValueTask SendAsync(Lane lane, ActorBatch batch, CancellationToken ct);
}
