using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Evidence;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Tests.Replicas.Harness;

/// <summary>A replica and what its host does for it: log, block store, signer, timers.</summary>
internal sealed class TestNode
{
    private readonly TestCluster _cluster;
    private readonly Foundation _genesis;
    private readonly List<byte[]> _wal = [];
    private readonly SortedDictionary<ulong, (Block Block, FinalityProof? Proof)> _store = [];
    private readonly HashSet<Ballot> _durable = [];
    private int _life;

    public TestNode(TestCluster cluster, int number, Foundation genesis, uint incarnation = 1)
    {
        _cluster = cluster;
        _genesis = genesis;
        Number = number;
        Options = new ReplicaOptions(TestKeys.Node(number), incarnation)
        {
            Delay = TestCluster.Delay,
            BundleFrom = cluster.BundleFrom,
        };
        Replica = Replica.Recover(Options, genesis, []);
    }

    public int Number { get; }

    public NodeId Id => Options.Self;

    public ReplicaOptions Options { get; set; }

    public Replica Replica { get; private set; }

    public bool IsUp { get; private set; } = true;

    /// <summary>Whether its misdeeds are its own: nothing it says is held against the rules.</summary>
    public bool IsByzantine { get; init; }

    /// <summary>How far its clock is off.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>It crashes when it has done that many effects since it was made.</summary>
    public long? CrashAtEffect { get; set; }

    /// <summary>Whether a crash before the flush loses all records of the turn, or only the later ones.</summary>
    public bool DoesLoseUnflushed { get; set; }

    public List<Ballot> Said { get; } = [];

    public List<Accusation> Accusations { get; } = [];

    public List<Vote> SignedVotes { get; } = [];

    public SortedDictionary<ulong, CommittedBlock> Committed { get; } = [];

    public IReadOnlyList<WalRecord> Wal => [.. _wal.Select(Decode)];

    public long EffectCount { get; private set; }

    /// <summary>How long the timer of a view was set the last time.</summary>
    public TimeSpan ViewTime { get; private set; }

    private long Now => _cluster.Now.Ticks + Skew.Ticks + TestCluster.Epoch0;

    public void Start() => Run(Replica.Start(Now));

    public void Give(Input input)
    {
        if (IsUp)
        {
            Run(Replica.Step(input, Now));
        }
    }

    public void Crash()
    {
        IsUp = false;
        _life++;
    }

    public void Restart()
    {
        IsUp = true;
        Replica = Replica.Recover(Options, _genesis, Wal);
        Start();
    }

    public void LoseDisk()
    {
        _wal.Clear();
        _durable.Clear();
        _store.Clear();
        Committed.Clear();
    }

    /// <summary>Keeps what a compacted log keeps, as if a snapshot of the last final block were the base.</summary>
    public void RestartFromSnapshot()
    {
        IReadOnlyList<WalRecord> live = Replica.LiveRecords();
        Foundation snapshot = Committed.Count == 0 ? _genesis : Committed.Values.Last().ToFoundation();
        Crash();
        IsUp = true;
        Replica = Replica.Recover(Options, snapshot, live.Select(record => Decode(record.Encode())));
        Start();
    }

    public void ReceiveFrom(NodeId from, Message message)
    {
        if (!IsUp)
        {
            return;
        }

        Epoch? epoch = EpochOf(message);
        if (epoch is Epoch other && other != Replica.Epoch)
        {
            Give(new Input.OtherEpochSeen(from, other));
            return;
        }

        Give(new Input.VerifiedMessage(from, message));
    }

    private void Run(IReadOnlyList<Effect> effects)
    {
        // All records of a turn go out with one flush, before anything leaves.
        Effect[] records = [.. effects.Where(effect => effect is Effect.Persist)];
        Effect[] ordered = [.. records, .. effects.Where(effect => effect is not Effect.Persist)];
        int limit = ordered.Length;
        bool isCrashing = CrashAtEffect is long crash && crash <= EffectCount + ordered.Length;
        if (isCrashing)
        {
            limit = (int)(CrashAtEffect!.Value - EffectCount);
            CrashAtEffect = null;
            Crash();
        }

        EffectCount += ordered.Length;
        int first = isCrashing && limit < records.Length && DoesLoseUnflushed ? limit : 0;
        for (int i = first; i < limit; i++)
        {
            Do(ordered[i]);
        }
    }

    private void Do(Effect effect)
    {
        switch (effect)
        {
            case Effect.Persist persist:
                _wal.Add(persist.Record.Encode());
                NoteDurable(persist.Record);
                break;
            case Effect.SignAndBroadcast sign:
                Said.Add(sign.Ballot);
                Vote vote = Sign(sign.Ballot);
                _cluster.Broadcast(this, new Message.VoteCast(vote));
                break;
            case Effect.SignAndPropose propose:
                Said.Add(propose.Ballot);
                _cluster.Broadcast(this, new Message.Propose(Sign(propose.Ballot), propose.Block));
                break;
            case Effect.Broadcast broadcast:
                _cluster.Broadcast(this, broadcast.Message);
                break;
            case Effect.Send send:
                _cluster.Send(this, send.To, send.Message);
                break;
            case Effect.SetTimer timer:
                int life = _life;
                ViewTime = timer.Kind == TimerKind.View ? timer.After : ViewTime;
                _cluster.After(timer.After, () => Fire(timer, life));
                break;
            case Effect.Commit commit:
                Commit(commit);
                break;
            case Effect.Accuse accuse:
                Accusations.Add(accuse.Accusation);
                break;
            case Effect.ServeFinal serve:
                Serve(serve);
                break;
        }
    }

    private void Fire(Effect.SetTimer timer, int life)
    {
        if (life == _life)
        {
            Give(new Input.TimerFired(timer.Kind, timer.Generation));
        }
    }

    private Vote Sign(Ballot ballot)
    {
        // The rule of the log, for every vote that leaves: it is durable.
        Assert.True(_durable.Contains(ballot), $"node {Number} said {ballot}, which is not durable");
        Vote vote = TestKeys.Sign(ballot, IndexIn(ballot.Epoch), Options.Incarnation);
        SignedVotes.Add(vote);
        int life = _life;
        _cluster.After(TestCluster.SigningTime, () =>
        {
            if (life == _life)
            {
                Give(new Input.OwnVoteSigned(vote));
            }
        });
        return vote;
    }

    private int IndexIn(Epoch epoch)
    {
        Assert.Equal(Replica.Epoch, epoch);
        Assert.True(Replica.Validators.TryIndexOf(Id, out int index));
        return index;
    }

    private void Commit(Effect.Commit commit)
    {
        foreach (CommittedBlock block in commit.Blocks)
        {
            Committed[block.Block.Header.Height.Value] = block;
            _store[block.Block.Header.Height.Value] = (block.Block, null);
        }

        Block last = commit.Blocks[^1].Block;
        _store[last.Header.Height.Value] = (last, commit.Proof);
        Assert.Equal(commit.Proof.Certificate.Epoch, last.Header.Epoch);
        _cluster.Check(this, commit);
    }

    private void Serve(Effect.ServeFinal serve)
    {
        List<Block> blocks = [];
        for (ulong height = serve.From.Value; _store.TryGetValue(height, out (Block Block, FinalityProof? Proof) kept);
            height++)
        {
            blocks.Add(kept.Block);
            if (kept.Proof is not null)
            {
                _cluster.Send(this, serve.To, new Message.FinalBlocks(blocks, kept.Proof));
                return;
            }
        }
    }

    private void NoteDurable(WalRecord record)
    {
        if (record is not WalRecord.OwnBallot { Ballot: Ballot ballot })
        {
            return;
        }

        _durable.Add(ballot);
        if (ballot.Kind == BallotKind.Bundle)
        {
            _durable.Add(Ballot.Finalize(ballot.Epoch, ballot.View, ballot.Block));
            _durable.Add(Ballot.Notarize(ballot.Epoch, ballot.View.Next, ballot.NextBlock));
        }
    }

    private static Epoch? EpochOf(Message message) => message switch
    {
        Message.Propose m => m.Vote.Ballot.Epoch,
        Message.VoteCast m => m.Vote.Ballot.Epoch,
        Message.Certificates m => m.Items[0].Epoch,
        Message.Have m => m.Epoch,
        Message.Pull m => m.Epoch,
        Message.PullViews m => m.Epoch,
        Message.PullBlock m => m.Epoch,
        Message.FinalBlocks m => m.Proof.Certificate.Epoch,
        _ => null,
    };

    private static WalRecord Decode(byte[] bytes)
    {
        Assert.True(WalRecord.TryDecode(bytes, out WalRecord? record));
        return record;
    }
}
