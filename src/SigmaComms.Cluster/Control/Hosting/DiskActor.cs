using SigmaComms.Actors;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>
/// Has the replica's disk on a thread of its own: a sync takes as long as it takes and blocks nobody else. A failure of
/// the disk fails this actor, and with it the replica, which begins anew from what is durable.
/// </summary>
internal sealed class DiskActor : ReceiveActor
{
    private readonly ControlDesk _desk;
    private ReplicaDisk? _disk;

    public DiskActor(ControlDesk desk)
    {
        _desk = desk;
        Receive<OpenDisk>(_ => OnOpen());
        Receive<WriteTurn>(turn => Sender?.Tell(_disk!.Write(turn.Steps), Self));
    }

    protected override ValueTask PostStop()
    {
        _disk?.Dispose();
        _disk = null;
        return ValueTask.CompletedTask;
    }

    private void OnOpen()
    {
        (_disk, DiskOpened opened) = ReplicaDisk.Open(_desk);
        Sender?.Tell(opened, Self);
    }

    internal sealed record OpenDisk;
}
