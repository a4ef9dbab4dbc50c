using SigmaComms.Actors;
using SigmaComms.Cluster.Control.Blocks;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Cluster.Control.Reads;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Transfer;

/// <summary>
/// What peers and clients may ask of this node's blocks and snapshots, one thing of each at a time, and what it asks of
/// theirs. For the replica's actor.
/// </summary>
internal sealed class TransferDesk(ControlDesk desk)
{
    private readonly HashSet<NodeId> _serving = [];
    private readonly SnapshotFetch _fetch = new(desk);
    private IActorRef? _transfer;

    /// <summary>The disk is open.</summary>
    public void Begin(SharedFiles files, IActorContext context) => _transfer = context.ActorOf(
        Props.Create(() => new TransferActor(desk, files, ExchangeOf(files))).WithDispatcher(Dispatcher.Pinned),
        "transfer");

    /// <summary>Whether a message is of the actor that serves; of one of an earlier life it is not.</summary>
    public bool IsOf(IActorRef? sender) => _transfer is not null && _transfer.Equals(sender);

    /// <summary>Answers a client.</summary>
    public void Prove(ProveBlock prove, IActorRef? asker)
    {
        if (_transfer is { } transfer)
        {
            transfer.Tell(prove, asker);
        }
        else
        {
            asker?.Tell(new BlockProved(null, null));
        }
    }

    /// <summary>Answers for a client.</summary>
    public void Read(ReadHandovers read, IActorRef? asker)
    {
        if (_transfer is { } transfer)
        {
            transfer.Tell(read, asker);
        }
        else
        {
            asker?.Tell(new HandoversRead([]));
        }
    }

    /// <summary>Answers a peer, unless it is being answered already.</summary>
    public void Serve(NodeId to, Height from, IActorRef self)
    {
        if (_serving.Add(to))
        {
            _transfer?.Tell(new TransferActor.ServeBlocks(to, from), self);
        }
    }

    /// <summary>A peer is answered.</summary>
    public void Served(TransferActor.Served served) => _serving.Remove(served.To);

    /// <summary>Takes a peer's message.</summary>
    public void Take(HostArrived arrived, Replica replica, IActorRef self)
    {
        NodeId from = arrived.Frame.From;
        bool isPassedOn = arrived.Message switch
        {
            HostMessage.SnapshotHinted hinted => HasHint(from, hinted.Height, replica, self),
            HostMessage.SnapshotAsked or HostMessage.PartAsked => _serving.Add(from),
            _ => _fetch.TryTake(from, arrived.Message),
        };
        if (isPassedOn)
        {
            _transfer?.Tell(arrived, self);
        }
    }

    /// <summary>The validators are known of whom a peer's snapshot may be.</summary>
    public void Reached(TransferActor.EpochReached reached) => _fetch.Ask(reached.Peer, reached.Known);

    /// <summary>A peer is asked for a part.</summary>
    public void AskPart(TransferActor.PartWanted wanted) => _fetch.AskPart(wanted.Peer);

    /// <summary>The peer's snapshot is here.</summary>
    public void End() => _fetch.End();

    /// <summary>What a peer sent leads to nothing.</summary>
    public void Leave() => _fetch.Leave();

    /// <summary>Looks at the clock.</summary>
    public void Tick() => _fetch.Tick();

    private SnapshotExchange ExchangeOf(SharedFiles files) => new(
        new SnapshotStore(files.Disk), files.Handovers, desk.Genesis.Machines)
    {
        SizeMax = desk.Options.OfferSizeMax,
    };

    private bool HasHint(NodeId from, Height height, Replica replica, IActorRef self)
    {
        if (_fetch.Hint(from, height, replica))
        {
            _transfer?.Tell(new TransferActor.FollowKept(from, replica.Validators), self);
        }

        return false;
    }
}
