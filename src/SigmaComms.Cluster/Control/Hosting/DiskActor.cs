using SigmaComms.Actors;
using SigmaComms.Cluster.Control.Keys;

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
        Receive<WriteTurn>(turn => Sender?.Tell(_disk!.Write(turn.Steps, turn.MayWait), Self));
        Receive<MakeKey>(make => Sender?.Tell(new KeyMade(_disk!.MakeKey(make)), Self));
        Receive<EraseKeys>(erase => _disk!.EraseKeys(erase.InForce.Span));
        Receive<SealLog>(_ => _disk!.Seal());
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

    /// <summary>Open the disk. Reply: <see cref="DiskOpened"/>.</summary>
    internal sealed record OpenDisk;

    /// <summary>Erase the voting keys before the one in force; all if there is none.</summary>
    internal sealed record EraseKeys(ReadOnlyMemory<byte> InForce);

    /// <summary>Let the guard vouch for the log's end: it has been idle.</summary>
    internal sealed record SealLog;
}
