using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Tests.Replicas.Harness;

/// <summary>Replicas on one thread, in a time of their own, over a network that does as the test says.</summary>
internal sealed class TestCluster
{
    public const long Epoch0 = 638_000_000_000_000_000;

    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private readonly Dictionary<(Epoch, Height), (Digest Block, Digest State)> _final = [];
    private readonly Dictionary<Height, Digest> _finalAt = [];
    private long _order;

    public TestCluster(
        int validators, int learners = 0, Func<int, bool>? isByzantine = null, int bundleFrom = ValidatorSet.CountMax)
    {
        BundleFrom = bundleFrom;
        ValidatorSet set = TestKeys.Set(1, validators);
        Ledger ledger = Ledger.Genesis(TestKeys.Cluster, [new TestMachine(set)], set);
        Genesis = Foundation.Genesis(TestKeys.Cluster, ledger);
        for (int i = 0; i < validators + learners; i++)
        {
            Nodes.Add(new TestNode(this, i, Genesis) { IsByzantine = isByzantine?.Invoke(i) ?? false });
        }
    }

    public static TimeSpan Delay { get; } = TimeSpan.FromMilliseconds(100);

    public static TimeSpan SigningTime { get; } = TimeSpan.FromMilliseconds(1);

    public Foundation Genesis { get; }

    /// <summary>From how many validators on finalizes wait for the next proposal.</summary>
    public int BundleFrom { get; }

    public List<TestNode> Nodes { get; } = [];

    public IEnumerable<TestNode> Honest => Nodes.Where(node => !node.IsByzantine);

    public TimeSpan Now { get; private set; }

    public long Sent { get; private set; }

    /// <summary>When each copy of a message arrives, from now; none: it is lost.</summary>
    public Func<TestNode, TestNode, Message, IEnumerable<TimeSpan>> Network { get; set; } =
        (_, _, _) => [TimeSpan.FromMilliseconds(5)];

    /// <summary>What a Byzantine node sends besides what its replica says, to whoever it likes.</summary>
    public Action<TestNode, Message>? Misbehave { get; set; }

    /// <summary>The node at a place in the epoch's set.</summary>
    public TestNode At(int index) => Nodes.First(node => node.Id == Genesis.Ledger.Validators[index].Node);

    /// <summary>The node that may propose in a view of the first epoch.</summary>
    public TestNode LeaderOf(ulong view) => At(Genesis.Ledger.Validators.LeaderOf(new View(view)));

    public void Start()
    {
        foreach (TestNode node in Nodes)
        {
            node.Start();
        }

        RunFor(TimeSpan.FromMilliseconds(20));
    }

    public void Submit(TestNode node, int number, params byte[] payload) =>
        node.Give(new Input.GroupVerified(TestKeys.Group(number, payload)));

    public void After(TimeSpan delay, Action action) => _events.Enqueue(action, (Now + delay, _order++));

    public void RunFor(TimeSpan time)
    {
        TimeSpan end = Now + time;
        while (_events.TryPeek(out _, out (TimeSpan At, long Order) next) && next.At <= end)
        {
            Action action = _events.Dequeue();
            Now = next.At;
            action();
        }

        Now = end;
    }

    /// <summary>Runs until a condition holds; false if it does not within the time.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        TimeSpan end = Now + limit;
        while (!condition())
        {
            if (!_events.TryPeek(out _, out (TimeSpan At, long Order) next) || next.At > end)
            {
                Now = end;
                return condition();
            }

            Action action = _events.Dequeue();
            Now = next.At;
            action();
        }

        return true;
    }

    public void Broadcast(TestNode from, Message message)
    {
        if (from.IsByzantine)
        {
            Misbehave?.Invoke(from, message);
        }

        foreach (Validator validator in from.Replica.Validators.Members)
        {
            if (validator.Node != from.Id)
            {
                Send(from, validator.Node, message);
            }
        }
    }

    public void Send(TestNode from, NodeId to, Message message)
    {
        foreach (TestNode target in Nodes.Where(node => node.Id == to))
        {
            Deliver(from, target, message);
        }
    }

    public void Deliver(TestNode from, TestNode to, Message message)
    {
        Sent++;
        byte[] bytes = MessageCodec.Encode(message);
        foreach (TimeSpan delay in Network(from, to, message))
        {
            After(delay, () =>
            {
                Assert.True(MessageCodec.TryDecode(bytes, out Message? arrived));
                to.ReceiveFrom(from.Id, arrived);
            });
        }
    }

    /// <summary>One block at each final height, of every honest replica, with one state after it.</summary>
    public void Check(TestNode node, Effect.Commit commit)
    {
        if (node.IsByzantine)
        {
            return;
        }

        foreach (CommittedBlock committed in commit.Blocks)
        {
            BlockHeader header = committed.Block.Header;
            Digest state = committed.Execution.Ledger.Root;
            Assert.Equal(committed.Block.Digest, _finalAt.GetValueOrDefault(header.Height, committed.Block.Digest));
            _finalAt[header.Height] = committed.Block.Digest;
            if (_final.TryGetValue((header.Epoch, header.Height), out (Digest Block, Digest State) other))
            {
                Assert.Equal(other, (committed.Block.Digest, state));
            }

            _final[(header.Epoch, header.Height)] = (committed.Block.Digest, state);
        }
    }

    /// <summary>Another replica under the name, the key and the place of one that is there: an equivocator.</summary>
    public TestNode AddTwin(int number)
    {
        var twin = new TestNode(this, number, Genesis) { IsByzantine = true };
        Nodes.Add(twin);
        return twin;
    }

    /// <summary>What no run may break: over all votes that were ever signed, and all accusations.</summary>
    public void CheckRules()
    {
        foreach (TestNode node in Honest)
        {
            CheckOwn(node);
            Assert.DoesNotContain(node.Accusations, accusation => IsAgainstHonest(accusation));
        }

        foreach (IGrouping<(Epoch, View), Vote> view in Nodes.SelectMany(node => node.SignedVotes)
            .SelectMany(vote => Parts(vote.Ballot).Select(part => (part, vote)))
            .GroupBy(pair => (pair.part.Epoch, pair.part.View), pair => pair.vote with { Ballot = pair.part }))
        {
            CheckView([.. view]);
        }
    }

    private void CheckView(List<Vote> votes)
    {
        // Counted by nodes: whether a certificate could be made of all that was ever signed.
        int quorum = Genesis.Ledger.Validators.Quorum;
        int Voters(BallotKind kind, Digest block) => votes
            .Where(vote => vote.Ballot.Kind == kind && vote.Ballot.Block == block)
            .Select(vote => vote.Voter).Distinct().Count();
        Digest[] blocks = [.. votes.Where(vote => vote.Ballot.Kind is BallotKind.Notarize or BallotKind.Finalize)
            .Select(vote => vote.Ballot.Block).Distinct()];
        Assert.True(blocks.Count(block => Voters(BallotKind.Notarize, block) >= quorum) <= 1, "two notarized");
        bool isNullified = Voters(BallotKind.Nullify, default) >= quorum;
        bool isFinal = blocks.Any(block => Voters(BallotKind.Finalize, block) >= quorum);
        Assert.False(isNullified && isFinal, "a view both nullified and final");
    }

    private static void CheckOwn(TestNode node)
    {
        foreach (IGrouping<(Epoch, View), Ballot> view in node.Said.SelectMany(Parts)
            .GroupBy(ballot => (ballot.Epoch, ballot.View)))
        {
            Assert.True(Distinct(view, BallotKind.Propose) <= 1, $"node {node.Number} proposed twice in {view.Key}");
            Assert.True(Distinct(view, BallotKind.Notarize) <= 1, $"node {node.Number} notarized twice in {view.Key}");
            Assert.True(Distinct(view, BallotKind.Finalize) <= 1, $"node {node.Number} finalized twice in {view.Key}");
            Assert.False(
                Distinct(view, BallotKind.Nullify) > 0 && Distinct(view, BallotKind.Finalize) > 0,
                $"node {node.Number} nullified and finalized {view.Key}");
        }
    }

    private bool IsAgainstHonest(Evidence.Accusation accusation) =>
        accusation.Epoch == Genesis.Ledger.Validators.Epoch && !At(accusation.Accused).IsByzantine;

    private static int Distinct(IEnumerable<Ballot> ballots, BallotKind kind) =>
        ballots.Where(ballot => ballot.Kind == kind).Distinct().Count();

    private static IEnumerable<Ballot> Parts(Ballot ballot) => ballot.Kind != BallotKind.Bundle
        ? [ballot]
        : [
            Ballot.Finalize(ballot.Epoch, ballot.View, ballot.Block),
            Ballot.Notarize(ballot.Epoch, ballot.View.Next, ballot.NextBlock),
        ];
}
