using SigmaComms.Actors;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Remoting;

/// <summary>Sends what waits on one lane to one peer, batch by batch, no faster than the link takes it.</summary>
internal sealed class LaneActor : ReceiveActor
{
    private const int BatchesPerTurn = 32;

    private readonly RemotePeer _peer;
    private readonly Lane _lane;

    public LaneActor(RemotePeer peer, Lane lane)
    {
        _peer = peer;
        _lane = lane;
        ReceiveAsync<LaneAwake>(async awake => await SendWaitingAsync(awake));
    }

    private async ValueTask SendWaitingAsync(LaneAwake again)
    {
        for (int sent = 0; sent < BatchesPerTurn; sent++)
        {
            if (_peer.TakeBatch(_lane) is not { } next)
            {
                return;
            }

            try
            {
                await next.Link.SendAsync(_lane, next.Batch, Context.StopToken);
            }
            catch (Exception lost) when (lost is LinkException or OperationCanceledException)
            {
                // The end of the link is told on its own way; steps come again, messages do not.
                foreach (Outgoing word in next.Words)
                {
                    word.Target?.Undelivered(word.Message!, word.Sender, "remote: the link dropped");
                }
            }
        }

        Self.Tell(again);
    }
}
