using SigmaComms.Actors;
using SigmaComms.Cluster.Control.Keys;
using SigmaComms.Cluster.Control.Reads;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

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
        Receive<ServeBlocks>(OnServe);
        Receive<ProveBlock>(OnProve);
        Receive<MakeKey>(make => Sender?.Tell(new KeyMade(_disk!.MakeKey(make.Incarnation)), Self));
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

    private void OnServe(ServeBlocks serve)
    {
        if (_disk!.Serve(serve.From, MessageCodec.BlocksMax) is { } blocks)
        {
            _desk.Send(serve.To, MessageCodec.Encode(blocks), isUrgent: false);
        }

        Sender?.Tell(new BlocksServed(serve.To), Self);
    }

    private void OnProve(ProveBlock prove)
    {
        Message.FinalBlocks? found = _disk?.Serve(prove.Height, 1);
        Sender?.Tell(new BlockProved(found?.Blocks[0], found?.Proof), Self);
    }

    /// <summary>Open the disk. Reply: <see cref="DiskOpened"/>.</summary>
    internal sealed record OpenDisk;

    /// <summary>Erase the voting keys before the one in force.</summary>
    internal sealed record EraseKeys(ReadOnlyMemory<byte> InForce);

    /// <summary>Let the guard vouch for the log's end: it has been idle.</summary>
    internal sealed record SealLog;

    /// <summary>Send a peer final blocks. Reply: <see cref="BlocksServed"/>.</summary>
    internal sealed record ServeBlocks(NodeId To, Height From);

    /// <summary>A peer has what it asked for, as far as it is here.</summary>
    internal sealed record BlocksServed(NodeId To);
}
