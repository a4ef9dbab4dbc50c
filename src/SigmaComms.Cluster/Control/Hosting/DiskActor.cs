using SigmaComms.Actors;
using SigmaComms.Cluster.Control.Keys;
using SigmaComms.Cluster.Control.Reads;
using SigmaComms.Cluster.Control.Transfer;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Replicas;
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
        Receive<MakeKey>(make => Sender?.Tell(new KeyMade(_disk!.MakeKey(make)), Self));
        Receive<EraseKeys>(erase => _disk!.EraseKeys(erase.InForce.Span));
        Receive<HostArrived>(OnHost);
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
        else if (_disk.Exchange.Newest is { } newest && newest >= serve.From)
        {
            Send(serve.To, new HostMessage.SnapshotHinted(newest));
        }

        Sender?.Tell(new BlocksServed(serve.To), Self);
    }

    private void OnHost(HostArrived arrived)
    {
        NodeId from = arrived.Frame.From;
        switch (arrived.Message)
        {
            case HostMessage.SnapshotAsked asked
                when _disk!.Exchange.Offer(asked.Epoch, height => _disk.Serve(height, 1)) is { } offer:
                Send(from, new HostMessage.SnapshotOffered(offer));
                break;
            case HostMessage.PartAsked asked when _disk!.Exchange.Part(asked) is { } part:
                Send(from, part);
                break;
            case HostMessage.SnapshotOffered offered:
                GoOn(from, _disk!.Exchange.Begin(offered.Offer));
                break;
            case HostMessage.PartFound part:
                GoOn(from, _disk!.Exchange.Take(part));
                break;
        }

        Sender?.Tell(new BlocksServed(from), Self);
    }

    private void GoOn(NodeId from, HostMessage.PartAsked? next)
    {
        if (next is not null)
        {
            Send(from, next);
        }
        else if (_disk!.Exchange.Finish() is { } foundation)
        {
            Sender?.Tell(new SnapshotTaken(foundation), Self);
        }
    }

    private void Send(NodeId to, HostMessage message) =>
        _desk.Send(to, HostMessageCodec.Encode(message), isUrgent: message is not HostMessage.PartFound);

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

    /// <summary>A snapshot of other nodes is whole, checked and durable here.</summary>
    internal sealed record SnapshotTaken(Foundation Snapshot);

    /// <summary>A peer has what it asked for, as far as it is here.</summary>
    internal sealed record BlocksServed(NodeId To);
}
