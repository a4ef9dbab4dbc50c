using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;

namespace SigmaComms.Consensus.Tests.Replicas.Harness;

/// <summary>A random run: a bad network, crashes and Byzantine nodes, then peace.</summary>
internal sealed class Chaos
{
    private readonly Random _random;
    private readonly List<(TestNode From, Message Message)> _heard = [];
    private readonly double _lossRate;
    private readonly double _repeatRate;
    private readonly int _delayMaxMs;
    private int _commands;
    private int[] _sides = [];
    private bool _isPeace;

    public Chaos(int seed, int validators)
    {
        _random = new Random(seed);
        int faults = (validators - 1) / 3;
        HashSet<int> byzantine = [.. Enumerable.Range(0, validators).OrderBy(_ => _random.Next()).Take(faults)];
        if (_random.Next(4) == 0)
        {
            byzantine.Clear();
        }

        Cluster = new TestCluster(validators, 0, byzantine.Contains, bundleFrom: seed % 2 == 0 ? 1 : validators + 1);
        foreach (int number in byzantine.Where(_ => _random.Next(2) == 0))
        {
            Cluster.AddTwin(number);
        }

        _lossRate = _random.Next(4) * 0.08;
        _repeatRate = _random.Next(3) * 0.1;
        _delayMaxMs = (int[])[8, 30, 120, 400] is var choices ? choices[_random.Next(4)] : 0;
        Cluster.Network = Deliver;
        Cluster.Misbehave = Misbehave;
    }

    public TestCluster Cluster { get; }

    public void Run(TimeSpan time)
    {
        Cluster.Start();
        TimeSpan end = Cluster.Now + time;
        while (Cluster.Now < end)
        {
            Disturb();
            Cluster.RunFor(TimeSpan.FromMilliseconds(_random.Next(5, 200)));
        }

        _isPeace = true;
        foreach (TestNode node in Cluster.Nodes)
        {
            node.CrashAtEffect = null;
        }

        foreach (TestNode node in Cluster.Nodes.Where(node => !node.IsUp))
        {
            node.Restart();
        }
    }

    /// <summary>Whether a command that comes in peace is final at every honest replica within the bound.</summary>
    public bool IsLive()
    {
        int faults = Cluster.Genesis.Ledger.Validators.FaultsMax;
        TestNode taker = Cluster.Honest.First();
        int number = ++_commands;
        Cluster.Submit(taker, number);
        TimeSpan grown = TestCluster.Delay * 26;
        return Cluster.RunUntil(
            () => Cluster.Honest.All(node => Has(node, number)), 12 * grown * (faults + 1));
    }

    private static bool Has(TestNode node, int number) => node.Committed.Values.Any(
        block => block.Block.Body.Groups.Any(group => group.Digest == TestKeys.Group(number).Digest));

    private void Disturb()
    {
        switch (_random.Next(8))
        {
            case 0 or 1 or 2:
                TestNode taker = Cluster.Nodes[_random.Next(Cluster.Nodes.Count)];
                Cluster.Submit(taker, ++_commands);
                break;
            case 3:
                _sides = [.. Cluster.Nodes.Select(_ => _random.Next(2))];
                break;
            case 4:
                _sides = [];
                break;
            case 5:
                TestNode victim = Cluster.Nodes[_random.Next(Cluster.Nodes.Count)];
                victim.DoesLoseUnflushed = _random.Next(2) == 0;
                victim.CrashAtEffect = victim.EffectCount + _random.Next(1, 30);
                break;
            case 6:
                foreach (TestNode node in Cluster.Nodes.Where(node => !node.IsUp && _random.Next(2) == 0))
                {
                    node.Restart();
                }

                break;
            default:
                Replay();
                break;
        }
    }

    private IEnumerable<TimeSpan> Deliver(TestNode from, TestNode to, Message message)
    {
        if (_heard.Count < 400 && _random.Next(8) == 0)
        {
            _heard.Add((from, message));
        }

        if (_isPeace)
        {
            return [TimeSpan.FromMilliseconds(_random.Next(1, 20))];
        }

        // Whom a Byzantine node does not like it does not talk to.
        bool isSelected = from.IsByzantine && _random.Next(3) == 0;
        bool isCut = _sides.Length > 0 && _sides[Cluster.Nodes.IndexOf(from)] != _sides[Cluster.Nodes.IndexOf(to)];
        if (isSelected || isCut || _random.NextDouble() < _lossRate)
        {
            return [];
        }

        int copies = _random.NextDouble() < _repeatRate ? 2 : 1;
        return [.. Enumerable.Range(0, copies).Select(_ => TimeSpan.FromMilliseconds(_random.Next(1, _delayMaxMs)))];
    }

    private void Replay()
    {
        for (int i = 0; i < 10 && _heard.Count > 0; i++)
        {
            (TestNode from, Message message) = _heard[_random.Next(_heard.Count)];
            Cluster.Deliver(from, Cluster.Nodes[_random.Next(Cluster.Nodes.Count)], message);
        }
    }

    // Besides its replica's votes it nullifies and finalizes what it notarizes, and lies about where it stands.
    private void Misbehave(TestNode from, Message message)
    {
        if (_random.Next(3) != 0 || message is not Message.VoteCast { Vote: Vote vote }
            || !vote.Ballot.Notarizes(out View view, out Cryptography.Digest block))
        {
            return;
        }

        Ballot[] lies =
        [
            Ballot.Nullify(vote.Ballot.Epoch, view), Ballot.Finalize(vote.Ballot.Epoch, view, block),
            Ballot.Nullify(vote.Ballot.Epoch, view.Next),
        ];
        foreach (Ballot lie in lies)
        {
            Vote lying = TestKeys.Sign(lie, vote.Voter);
            from.SignedVotes.Add(lying);
            foreach (TestNode to in Cluster.Nodes.Where(node => node != from && _random.Next(2) == 0))
            {
                Cluster.Deliver(from, to, new Message.VoteCast(lying));
            }
        }

        Cluster.Deliver(from, Cluster.Nodes[_random.Next(Cluster.Nodes.Count)], new Message.Status(
            vote.Ballot.Epoch, new View(_random.NextInt64() is var far ? (ulong)far : 0), new Height(1_000_000),
            block, view, IsAnswer: _random.Next(2) == 0));
        Cluster.Deliver(from, Cluster.Nodes[_random.Next(Cluster.Nodes.Count)], new Message.Have(
            BallotKind.Notarize, vote.Ballot.Epoch, new View(view.Value + (ulong)_random.Next(200)), block, 0b111));
    }
}
