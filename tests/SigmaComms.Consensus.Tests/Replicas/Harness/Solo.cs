using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Tests.Replicas.Harness;

/// <summary>One real replica of four; the test says what the other three say.</summary>
internal sealed class Solo
{
    public const long Now = TestCluster.Epoch0 + 10_000_000;

    private readonly List<byte[]> _wal = [];
    private readonly Dictionary<TimerKind, ulong> _timers = [];
    private readonly ReplicaOptions _options;

    public Solo(int self, int bundleFrom = ValidatorSet.CountMax)
    {
        Self = self;
        _options = new ReplicaOptions(Set[self].Node, 1) { Delay = TestCluster.Delay, BundleFrom = bundleFrom };
        Genesis = Foundation.Genesis(
            TestKeys.Cluster, Ledger.Genesis(TestKeys.Cluster, [new TestMachine(Set)], Set));
        Replica = Replica.Recover(_options, Genesis, []);
        Do(Replica.Start(Now));
    }

    public static ValidatorSet Set { get; } = TestKeys.Set(1, 4);

    public int Self { get; }

    public Foundation Genesis { get; }

    public Replica Replica { get; private set; }

    public List<Effect> Effects { get; } = [];

    /// <summary>Every ballot that was said, of a bundle both parts.</summary>
    public List<Ballot> Said { get; } = [];

    public IEnumerable<Block> Committed => Effects.OfType<Effect.Commit>()
        .SelectMany(commit => commit.Blocks).Select(committed => committed.Block);

    public void Give(Input input) => Do(Replica.Step(input, Now));

    public void Receive(int from, Message message)
    {
        Assert.True(MessageCodec.TryDecode(MessageCodec.Encode(message), out Message? arrived));
        Give(new Input.VerifiedMessage(Set[from].Node, arrived));
    }

    public void Vote(int from, Ballot ballot) => Receive(from, new Message.VoteCast(TestKeys.Sign(ballot, from)));

    public void VoteAll(Ballot ballot)
    {
        foreach (int other in Others)
        {
            Vote(other, ballot);
        }
    }

    public IEnumerable<int> Others => Enumerable.Range(0, 4).Where(index => index != Self);

    public void Propose(Block block)
    {
        int leader = Set.LeaderOf(block.Header.View);
        Ballot ballot = Ballot.Propose(block.Header.Epoch, block.Header.View, block.Digest);
        Receive(leader, new Message.Propose(TestKeys.Sign(ballot, leader), block));
    }

    /// <summary>Whether the last effect that set the timer was not followed by its end.</summary>
    public bool IsRunning(TimerKind kind) => _timers.ContainsKey(kind);

    public void Fire(TimerKind kind)
    {
        Assert.True(_timers.Remove(kind, out ulong generation), $"{kind} does not run");
        Give(new Input.TimerFired(kind, generation));
    }

    public void Restart()
    {
        WalRecord[] records = [.. _wal.Select(bytes => WalRecord.TryDecode(bytes, out WalRecord? read)
            ? read : throw new InvalidOperationException("A record cannot be read."))];
        Effects.Clear();
        Replica = Replica.Recover(_options, Genesis, records);
        Do(Replica.Start(Now));
    }

    public bool HasSaid(BallotKind kind, ulong view) =>
        Said.Any(ballot => ballot.Kind == kind && ballot.View == new View(view));

    /// <summary>A block that follows from a chain of blocks on the genesis; the test may bend it.</summary>
    public Block Build(IReadOnlyList<Block> chain, ulong view, int command, Func<BlockHeader, BlockHeader>? bend = null)
    {
        Ledger ledger = Genesis.Ledger;
        MountainRange history = Genesis.History;
        BlockHeader parent = Genesis.Header;
        Digest parentDigest = Genesis.Digest;
        foreach (Block block in chain)
        {
            BlockHeader of = block.Header;
            ledger = ledger.Execute(of.Epoch, of.Height, of.Timestamp, block.Body.Groups).Ledger;
            history = history.Append(block.Digest);
            (parent, parentDigest) = (of, block.Digest);
        }

        CommandBody body = command == 0 ? CommandBody.Empty : CommandBody.Of([TestKeys.Group(command)]);
        var header = new BlockHeader(
            new Epoch(1), new View(view), parent.Height.Next, parentDigest,
            chain.Count == 0 ? new View(0) : parent.View, body.Root, ledger.Root, history.Root,
            Math.Max(Now, parent.Timestamp + 1), IsEpochEnd: false);
        Assert.True(Block.TryJoin(bend is null ? header : bend(header), body, out Block? built));
        return built;
    }

    /// <summary>What a snapshot after the first block would be.</summary>
    public Foundation FoundationAfter(Block first) => new(
        first.Header,
        Genesis.Ledger.Execute(
            first.Header.Epoch, first.Header.Height, first.Header.Timestamp, first.Body.Groups).Ledger,
        Genesis.History.Append(first.Digest));

    public static Ballot Notarize(Block block) => Ballot.Notarize(new Epoch(1), block.Header.View, block.Digest);

    public static Ballot Finalize(Block block) => Ballot.Finalize(new Epoch(1), block.Header.View, block.Digest);

    public static Ballot Nullify(ulong view) => Ballot.Nullify(new Epoch(1), new View(view));

    private void Do(IReadOnlyList<Effect> effects)
    {
        Effects.AddRange(effects);
        List<Ballot> signed = [];
        foreach (Effect effect in effects)
        {
            switch (effect)
            {
                case Effect.Persist persist:
                    _wal.Add(persist.Record.Encode());
                    break;
                case Effect.SetTimer timer:
                    _timers[timer.Kind] = timer.Generation;
                    break;
                case Effect.SignAndBroadcast sign:
                    signed.Add(sign.Ballot);
                    break;
                case Effect.SignAndPropose propose:
                    Said.Add(propose.Ballot);
                    break;
            }
        }

        foreach (Ballot ballot in signed)
        {
            Remember(ballot);
            Give(new Input.OwnVoteSigned(TestKeys.Sign(ballot, Self)));
        }
    }

    private void Remember(Ballot ballot)
    {
        if (ballot.Finalizes)
        {
            Said.Add(Ballot.Finalize(ballot.Epoch, ballot.View, ballot.Block));
        }

        if (ballot.Notarizes(out View view, out Digest block))
        {
            Said.Add(Ballot.Notarize(ballot.Epoch, view, block));
        }

        if (ballot.Kind == BallotKind.Nullify)
        {
            Said.Add(ballot);
        }
    }
}
