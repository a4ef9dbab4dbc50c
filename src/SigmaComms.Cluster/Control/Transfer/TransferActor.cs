using SigmaComms.Actors;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Cluster.Control.Reads;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Transparency;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Transfer;

/// <summary>
/// Gives blocks, proofs and snapshots to peers and clients, and takes a snapshot from peers, on a thread of its own:
/// however much is asked for, it is not the thread that syncs votes.
/// </summary>
internal sealed class TransferActor : ReceiveActor
{
    private readonly ControlDesk _desk;
    private readonly SharedFiles _files;
    private readonly SnapshotExchange _exchange;
    private FinalityVerifier? _followed;

    /// <summary>Takes over the exchange, and disposes it.</summary>
    public TransferActor(ControlDesk desk, SharedFiles files, SnapshotExchange exchange)
    {
        (_desk, _files, _exchange) = (desk, files, exchange);
        Receive<ServeBlocks>(OnServe);
        Receive<ProveBlock>(OnProve);
        Receive<ReadHandovers>(read => Sender?.Tell(
            new HandoversRead(_files.Handovers.Read(read.From, read.To, LogAnswer.HandoverBytesMax)), Self));
        Receive<FollowKept>(OnFollow);
        Receive<HostArrived>(OnHost);
    }

    protected override ValueTask PostStop()
    {
        _exchange.Dispose();
        return ValueTask.CompletedTask;
    }

    private void OnServe(ServeBlocks serve)
    {
        if (_files.Blocks.Serve(serve.From, MessageCodec.BlocksMax) is { } blocks)
        {
            _desk.Send(serve.To, MessageCodec.Encode(blocks), isUrgent: false);
        }
        else if (_exchange.Newest is { } newest && newest >= serve.From)
        {
            Send(serve.To, new HostMessage.SnapshotHinted(newest));
        }

        Sender?.Tell(new Served(serve.To), Self);
    }

    private void OnProve(ProveBlock prove)
    {
        Message.FinalBlocks? found = _files.Blocks.Serve(prove.Height, 1);
        Sender?.Tell(new BlockProved(found?.Blocks[0], found?.Proof), Self);
    }

    private void OnFollow(FollowKept follow)
    {
        if (_followed is null || _followed.Validators.Epoch < follow.Known.Epoch)
        {
            _followed = new FinalityVerifier(_desk.Genesis.Cluster, follow.Known, MlDsa65Verifier.Instance);
        }

        _followed = _files.Handovers.Follow(_followed);
        Sender?.Tell(new EpochReached(follow.Peer, _followed.Validators), Self);
    }

    private void OnHost(HostArrived arrived)
    {
        NodeId from = arrived.Frame.From;
        switch (arrived.Message)
        {
            case HostMessage.SnapshotAsked asked:
                Send(from, _exchange.Offer(asked.Epoch, height => _files.Blocks.Serve(height, 1)));
                Sender?.Tell(new Served(from), Self);
                break;
            case HostMessage.PartAsked asked:
                Send(from, _exchange.Part(asked));
                Sender?.Tell(new Served(from), Self);
                break;
            case HostMessage.HandoversFound found:
                _files.Handovers.Keep([.. found.Handovers]);
                Sender?.Tell(new EpochReached(from, found.Handovers[^1].Next), Self);
                break;
            case HostMessage.SnapshotOffered offered:
                GoOn(from, _exchange.Begin(offered.Offer));
                break;
            case HostMessage.PartFound part:
                GoOn(from, _exchange.Take(part));
                break;
        }
    }

    private void GoOn(NodeId from, HostMessage.PartAsked? next)
    {
        if (next is not null)
        {
            // First the replica's actor is to know of the question, then somebody can answer it.
            Sender?.Tell(new PartWanted(from), Self);
            Send(from, next);
        }
        else if (_exchange.Finish() is { } foundation)
        {
            Sender?.Tell(new SnapshotTaken(foundation), Self);
        }
        else
        {
            Sender?.Tell(new FetchFailed(), Self);
        }
    }

    private void Send(NodeId to, HostMessage? message)
    {
        if (message is not null)
        {
            _desk.Send(to, HostMessageCodec.Encode(message), isUrgent: message is not HostMessage.PartFound);
        }
    }

    /// <summary>Send a peer final blocks. Reply: <see cref="Served"/>.</summary>
    internal sealed record ServeBlocks(NodeId To, Height From);

    /// <summary>Follow the hand-overs that are kept here. Reply: <see cref="EpochReached"/>.</summary>
    internal sealed record FollowKept(NodeId Peer, ValidatorSet Known);

    /// <summary>Hand-overs led to an epoch; they are durable. Who asks a peer goes on from there.</summary>
    internal sealed record EpochReached(NodeId Peer, ValidatorSet Known);

    /// <summary>A peer is asked for the next part of its snapshot: one may come.</summary>
    internal sealed record PartWanted(NodeId Peer);

    /// <summary>What the peer sent is not what it was asked for, or makes no state.</summary>
    internal sealed record FetchFailed;

    /// <summary>A snapshot of other nodes is whole, checked and durable here.</summary>
    internal sealed record SnapshotTaken(Foundation Snapshot);

    /// <summary>A peer has what it asked for, as far as it is here.</summary>
    internal sealed record Served(NodeId To);
}
