using SigmaComms.Actors;

namespace SigmaComms.Cluster.Remoting;

/// <summary>An actor of another node's process.</summary>
internal sealed class RemoteRef(RemotePeer peer, ulong incarnation, ulong number, ActorSystem system)
    : ForeignActorRef(system)
{
    public override ActorPath Path { get; } = new(
        $"{system.Name}@{peer.Id.Short}", $"/remote/{peer.Id.Short}/{incarnation}", unchecked((long)number));

    public RemotePeer Peer => peer;

    /// <summary>The process that owns it.</summary>
    public ulong Incarnation => incarnation;

    /// <summary>The owner's number of it.</summary>
    public ulong Number => number;

    /// <summary>Whether the owner was told that it is watched; the peer's gate guards it.</summary>
    public bool IsWatchTold { get; set; }

    public new bool IsWatched => base.IsWatched;

    public override SendResult TryTell(object message, IActorRef? sender = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        SendResult result = HasEnded ? SendResult.Terminated : peer.Send(this, message, sender);
        if (result != SendResult.Accepted)
        {
            LeaveUndelivered(message, sender, $"remote: {result}");
        }

        return result;
    }

    public override async ValueTask<SendResult> TellAsync(
        object message, IActorRef? sender = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        while (!HasEnded)
        {
            // Taken before the attempt: room that comes between the two is not missed.
            Task room = peer.WhenRoomFor(message);
            SendResult result = peer.Send(this, message, sender);
            if (result == SendResult.Accepted)
            {
                return result;
            }

            if (result != SendResult.Full)
            {
                LeaveUndelivered(message, sender, $"remote: {result}");
                return result;
            }

            await room.WaitAsync(cancellationToken);
        }

        return TryTell(message, sender);
    }

    /// <summary>The actor or its process has ended.</summary>
    public void End() => AnnounceEnd();

    /// <summary>The link to its node dropped.</summary>
    public void LoseAnswers(string reason) => FailAsks(reason);

    /// <summary>A message on its way was not taken.</summary>
    public void Undelivered(object message, IActorRef? sender, string reason) =>
        LeaveUndelivered(message, sender, reason);

    protected override void WatchChanged() => peer.SyncWatch(this);

    protected override void AskEnded(IActorRef asker) => peer.Forget(asker);
}
