using SigmaComms.Actors;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Remoting;

/// <summary>All that two processes share, behind one gate, which whoever uses it holds.</summary>
internal sealed class PeerTables
{
    public Lock Gate { get; } = new();

    public ExportTable Exports { get; } = new();

    public ImportTable Imports { get; } = new();

    public StepLedger Steps { get; } = new();

    public RecentSends Recent { get; } = new();

    public OutboundLane Control { get; } = new(Lane.Control);

    public OutboundLane Bulk { get; } = new(Lane.Bulk);

    /// <summary>Names that the peer was asked for.</summary>
    public Dictionary<ulong, TaskCompletionSource<IActorRef?>> Resolving { get; } = [];

    /// <summary>The peer's process; 0 before the first.</summary>
    public ulong Incarnation { get; private set; }

    /// <summary>Whether the peer must be told later what is watched, because too many steps wait now.</summary>
    public bool MustSyncWatches { get; set; }

    /// <summary>Tells whether an actor of the peer is watched from here, if that has changed.</summary>
    public void AddWatchStep(RemoteRef actor)
    {
        bool isWatched = actor.IsWatched;
        if (actor.Incarnation != Incarnation || actor.IsWatchTold == isWatched)
        {
            return;
        }

        if (Steps.IsOverdrawn)
        {
            MustSyncWatches = true;
            return;
        }

        actor.IsWatchTold = isWatched;
        Bulk.AddWord(Steps.Next(isWatched ? ActorStep.Watch : ActorStep.Unwatch, actor.Number));
    }

    /// <summary>Sends again what the peer has not acknowledged.</summary>
    public void AddUnacknowledgedSteps()
    {
        foreach (ActorItem.Step step in Steps.Unacknowledged.Take(OutboundLane.WordsMax / 2))
        {
            Bulk.AddWord(step);
        }
    }

    /// <summary>Nothing of an older process means anything to a new one.</summary>
    public PeerLeftovers Begin(ulong incarnation)
    {
        PeerLeftovers left = TakeWaiting(ended: true);
        Incarnation = incarnation;
        Exports.Clear();
        Imports.Clear();
        Steps.Clear();
        Recent.Clear();
        MustSyncWatches = false;
        return left;
    }

    /// <summary>Takes out what can no longer be sent or answered.</summary>
    public PeerLeftovers TakeWaiting(bool ended)
    {
        var left = new PeerLeftovers(
            Imports.All(), ended, [.. Control.TakeAll(), .. Bulk.TakeAll()], [.. Resolving.Values]);
        Resolving.Clear();
        return left;
    }
}
