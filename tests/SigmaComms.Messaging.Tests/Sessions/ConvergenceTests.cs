using System.Globalization;
using System.Text;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Sessions;
using Xunit.Abstractions;

namespace SigmaComms.Messaging.Tests.Sessions;

/// <summary>Two parties over a network that loses, repeats and reorders; time passes, processes restart.</summary>
public sealed class ConvergenceTests
{
    // A message waits at most for this many others, so that its chain is still among the last 5.
    private const int WaitMax = 4;

    private readonly ITestOutputHelper _output;

    public ConvergenceTests(ITestOutputHelper output) => _output = output;

    [Fact]
    public void Whatever_the_network_does_each_delivered_message_opens_exactly_once_and_both_sides_settle()
    {
        ulong seed = SeededRandom.SeedFromEnvironment();
        _output.WriteLine($"SIGMA_TEST_SEED={seed}");

        Parallel.For(0, 60, run => new Run(seed + (ulong)(1000 * run)).Play(steps: 250));
    }

    private sealed class Run
    {
        private readonly ulong _seed;
        private readonly SeededRandom _random;
        private readonly TestParty[] _parties;
        private readonly List<Flight>[] _network = [[], []];
        private readonly HashSet<string> _opened = [];
        private int _sent;

        public Run(ulong seed)
        {
            _seed = seed;
            _random = new SeededRandom(seed + 7);
            (TestParty a, TestParty b) = TestParty.Pair(seed);
            _parties = [a, b];
        }

        public void Play(int steps)
        {
            Send(0);
            if (_random.Below(2) == 0)
            {
                Send(1);
            }

            for (int i = 0; i < steps; i++)
            {
                Step(_random.Below(2), _random.Below(100));
            }

            Settle();
        }

        private void Step(int side, int choice)
        {
            switch (choice)
            {
                case < 40:
                    Send(side);
                    break;
                case < 80:
                    Deliver(side);
                    break;
                case < 86:
                    Drop(side);
                    break;
                case < 90:
                    _parties[side].Now += TimeSpan.FromSeconds(_random.Below(90));
                    break;
                case < 94:
                    Restart(_parties[side]);
                    break;
                case < 97:
                    _parties[side].Sessions.RequestStep();
                    break;
                case 97:
                    _parties[side].Sessions.Reset();
                    break;
                default:
                    break;
            }
        }

        private void Send(int side)
        {
            TestParty party = _parties[side];
            string text = (_sent++).ToString(CultureInfo.InvariantCulture);
            PrekeyBundle? bundle = null;
            if (party.Sessions.Phase == SessionPhase.None)
            {
                bundle = _random.Below(4) == 0
                    ? party.Peer.LastResortBundle(party.Now)
                    : party.Peer.OneTimeBundle(party.Now);
            }

            _network[1 - side].Add(new Flight(text, party.Seal(text, bundle)));
        }

        private void Deliver(int side)
        {
            List<Flight> queue = _network[side];
            if (queue.Count == 0)
            {
                return;
            }

            int index = queue[0].Waited >= WaitMax ? 0 : _random.Below(Math.Min(queue.Count, WaitMax));
            Flight flight = queue[index];
            queue.RemoveAt(index);
            queue.Take(index).ToList().ForEach(passed => passed.Waited++);
            Open(side, flight);
            if (_random.Below(10) == 0)
            {
                byte[] before = _parties[side].Sessions.Export();
                DecryptStatus again = _parties[side].Open(flight.Message).Status;
                Assert.True(again == DecryptStatus.Duplicate, $"{again} after a repetition; {this}");
                Assert.Equal(before, _parties[side].Sessions.Export());
            }
        }

        private void Open(int side, Flight flight)
        {
            DecryptResult result = _parties[side].Open(flight.Message);
            Assert.True(result.Status == DecryptStatus.Ok, $"{result.Status} for {flight.Text}; {this}");
            Assert.Equal(flight.Text, Encoding.UTF8.GetString(result.Plaintext!));
            Assert.True(_opened.Add(flight.Text), $"{flight.Text} twice; {this}");
        }

        private void Drop(int side)
        {
            if (_network[side].Count > 0)
            {
                _network[side].RemoveAt(_random.Below(_network[side].Count));
            }
        }

        private static void Restart(TestParty party)
        {
            byte[] state = party.Sessions.Export();
            Assert.True(DeviceSessions.TryImport(state, out DeviceSessions? restarted));
            Assert.Equal(state, restarted.Export());
            party.Sessions = restarted;
            byte[] ring = party.Device.Ring.Export();
            Assert.True(PrekeyRing.TryImport(ring, out PrekeyRing? restartedRing));
            Assert.Equal(ring, restartedRing.Export());
            party.Device.Ring = restartedRing;
        }

        private void Settle()
        {
            for (int round = 0; round < 3; round++)
            {
                for (int side = 0; side < 2; side++)
                {
                    while (_network[side].Count > 0)
                    {
                        Deliver(side);
                    }

                    Send(side);
                }
            }

            while (_network[0].Count + _network[1].Count > 0)
            {
                Deliver(0);
                Deliver(1);
            }

            CrossingTests.AssertConverged(_parties[0], _parties[1]);
            Assert.All(_parties, party => Assert.Equal(SessionPhase.Established, party.Sessions.Phase));
        }

        public override string ToString() => $"seed {_seed}, {_sent} sent";
    }

    private sealed class Flight(string text, byte[] message)
    {
        public string Text { get; } = text;

        public byte[] Message { get; } = message;

        public int Waited { get; set; }
    }
}
