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

    /// <summary>What woke a lane that failed is lost with its failure: a new one looks for itself.</summary>
    protected override ValueTask PreStart()
    {
        Self.Tell(new LaneAwake(_lane));
        return ValueTask.CompletedTask;
    }

    private async ValueTask SendWaitingAsync(LaneAwake again)
    {
        for (int sent = 0; sent < BatchesPerTurn; sent++)
        {
            if (_peer.TakeBatch(_lane) is not { } next)
            {
                return;
            }

            await SendAsync(next);
        }

        Self.Tell(again);
    }

    private async ValueTask SendAsync(OutgoingBatch batch)
    {
        bool isSent = false;
        try
        {
            await batch.Link.SendAsync(_lane, batch.Batch, Context.StopToken);
            isSent = true;
        }
        catch (Exception lost) when (lost is LinkException or OperationCanceledException)
        {
            // The end of the link is told on its own way.
        }
        finally
        {
            // Whatever failed: steps come again, messages do not.
            foreach (Outgoing word in isSent ? [] : batch.Words)
            {
                word.Target?.Undelivered(word.Message!, word.Sender, "remote: the link dropped");
            }
        }
    }
}
