using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Control.Blocks;
using SigmaComms.Cluster.Control.Guards;
using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Simulation.Keys;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Nodes;

/// <summary>What a process finds on its disk: log and guard, blocks, snapshots, all by the code under test.</summary>
internal sealed class DurableState
{
    private static readonly WalOptions LogOptions = new() { SegmentSizeBytes = 256 << 10, ZeroAheadBytes = 0 };

    private static readonly BlockStoreOptions BlockOptions = new() { BlocksPerProof = 1, TimePerProof = default };

    private DurableState(SimNode node, ControlStore control)
    {
        Control = control;
        Blocks = BlockStore.Open(node.Disk, BlockOptions, BlockIdentity.Of);
        Snapshots = new SnapshotStore(node.Disk);
    }

    public ControlStore Control { get; }

    public BlockStore Blocks { get; }

    public SnapshotStore Snapshots { get; }

    /// <summary>What to go on from.</summary>
    public Foundation Foundation { get; private set; } = null!;

    public List<WalRecord> Records { get; private set; } = [];

    /// <summary>Opens what is there; where it cannot be used, begins anew without a vote.</summary>
    public static DurableState Open(SimNode node)
    {
        DurableState state = new(node, OpenControl(node));
        if (!state.TryRead(node))
        {
            // The log begins after what the snapshots hold: as good as lost.
            node.World.Trace.Note(node.Number, "log without its snapshot");
            state.Control.Dispose();
            state = new DurableState(node, StartOver(node));
            bool isEmpty = state.TryRead(node);
            Invariant(isEmpty);
        }

        return state;
    }

    private static ControlStore OpenControl(SimNode node)
    {
        if (!node.WasCreated)
        {
            var created = ControlStore.Create(
                node.Disk, LogOptions, SimIdentity.Cluster, new Epoch(1), node.Incarnation, RandomOf(node));
            node.WasCreated = true;
            return created;
        }

        ControlStoreOpening opening = ControlStore.Open(
            node.Disk, LogOptions, SimIdentity.Cluster, BallotStatements.InLog);
        node.World.Trace.Note(node.Number, "opened", (ulong)opening.State, (ulong)opening.TornBytes);
        switch (opening.State)
        {
            case ControlStoreState.Voting:
                return opening.Store!;
            case ControlStoreState.NotVoting:
                BeginNewLife(node);
                return opening.Store!;
            default:
                return StartOver(node);
        }
    }

    private static ControlStore StartOver(SimNode node)
    {
        node.World.Trace.Note(node.Number, "starts over");
        var control = ControlStore.StartOver(node.Disk, LogOptions, SimIdentity.Cluster, RandomOf(node));
        BeginNewLife(node);
        return control;
    }

    private static void BeginNewLife(SimNode node)
    {
        if (!node.HasLostVote)
        {
            node.World.Oracle.LostVote(node);
            node.HasLostVote = true;
            node.Incarnation++;
        }
    }

    private static SimRandom RandomOf(SimNode node) => new((ulong)((node.Number * 1_000) + node.Lives));

    // All records are needed, or a snapshot that covers what went before the first.
    private bool TryRead(SimNode node)
    {
        List<WalRecord> records = [];
        Control.Log.Replay(0, record => records.Add(Decode(record)));
        Records = records;
        Foundation genesis = node.Genesis.Foundation;
        Foundation = genesis;
        WalRecord.SnapshotTaken? first = null;
        foreach (WalRecord.SnapshotTaken taken in records.OfType<WalRecord.SnapshotTaken>())
        {
            first ??= taken;
            if (Snapshots.Read(taken.Height) is byte[] bytes
                && FoundationBytes.Decode(node.Genesis.Machines, bytes) is Foundation read
                && read.Digest == taken.Block)
            {
                Foundation = read;
            }
        }

        return Control.Log.FirstRecord == 1
            || (first is not null && Foundation.Header.Height >= first.Height);
    }

    private static WalRecord Decode(LogRecord record) =>
        WalRecord.TryDecode(record.Payload.ToArray(), out WalRecord? decoded)
            ? decoded
            : throw new SimulationFailure("log", "a record cannot be read back");

    private static void Invariant(bool condition) => Cryptography.Invariant.Holds(condition);
}
