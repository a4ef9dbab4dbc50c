using System.Collections.Concurrent;
using System.Text;
using SigmaComms.Actors;
using SigmaComms.Actors.Supervision;
using SigmaComms.Actors.TestKit;
using SigmaComms.Persistence.EventSourcing;
using SigmaComms.Persistence.InMemory;

namespace SigmaComms.Persistence.Tests.EventSourcing;

/// <summary>What an event-sourced actor recovers from all the same, on virtual time.</summary>
public sealed class LedgerPatienceTests : IAsyncLifetime
{
    private const string Id = "ledger/1";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<Exception> _failures = new();
    private readonly TestSystem _test = new();
    private readonly InMemoryStore _real;
    private readonly FaultyStore _faulty;
    private readonly EventStore _store;
    private readonly IActorRef _house;

    public LedgerPatienceTests()
    {
        _real = new InMemoryStore(_test.Time);
        _faulty = new FaultyStore(_real, _real);
        _store = new EventStore(
            _faulty, _faulty, new EventStoreOptions { Time = _test.Time, StallTimeout = 10 * Second });
        _house = _test.ActorOf(LedgerHouse.Of(_failures, new Backoff(Second, 8 * Second, 0, 60 * Second)), "house");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _test.DisposeAsync();
        _store.Dispose();
    }

    [Fact]
    public void A_store_that_gives_slowly_but_steadily_is_not_silent()
    {
        Stored("a", "b", "c", "d");
        TaskCompletionSource[] gates = [.. Enumerable.Range(0, 4).Select(_ => new TaskCompletionSource())];
        long asked = 0;
        _faulty.BeforeEvent = sequence =>
        {
            Volatile.Write(ref asked, sequence);
            return new ValueTask(gates[sequence - 1].Task);
        };
        IActorRef ledger = Start();
        Task<string> words = ledger.Ask<string>(Words(), 120 * Second);

        for (int i = 0; i < gates.Length; i++)
        {
            Eventually(() => Volatile.Read(ref asked) == i + 1);
            _test.Advance(6 * Second);
            gates[i].SetResult();
        }

        Assert.Equal("a b c d", _test.Await(words));
        Assert.Empty(_failures);
    }

    [Fact]
    public void A_newest_snapshot_that_cannot_be_trusted_leaves_the_older_though_events_before_it_are_gone()
    {
        LedgerSettings settings = new(_store) { SnapshotEvery = 2 };
        IActorRef ledger = Start(settings);
        foreach (string word in (string[])["a", "b", "c", "d", "e"])
        {
            Ask(ledger, Add(word));
        }

        Ask(ledger, new Ledger.Command(async l =>
        {
            await l.Forget(long.MaxValue);
            return "done";
        }));
        _faulty.BeforeLoad = () => throw new JournalException(JournalFailure.Corrupt, "it was changed");

        Assert.Equal("a b c d e", Ask(Start(settings), Words()));
        Assert.Empty(_failures);
    }

    private static Ledger.Command Words() => new(l => new ValueTask<object>(l.Words));

    private static Ledger.Command Add(string word) => new(async l =>
    {
        await l.Add(word);
        return l.Words;
    });

    private void Stored(params string[] words)
    {
        NewEvent[] events = [.. words.Select(static word => new NewEvent(1, 2, Encoding.UTF8.GetBytes(word)))];
        _test.Await(_real.AppendAsync(Id, 0, 0, events, default).AsTask());
    }

    private IActorRef Start(LedgerSettings? settings = null)
    {
        IActorRef ledger = _test.Await(_house.Ask<IActorRef>(settings ?? new LedgerSettings(_store), Second));
        _test.RunUntilIdle();
        return ledger;
    }

    /// <summary>Lets the system run until something holds that comes over another thread.</summary>
    private void Eventually(Func<bool> holds) => Assert.True(SpinWait.SpinUntil(
        () =>
        {
            _test.RunUntilIdle();
            return holds();
        },
        60 * Second));

    private string Ask(IActorRef ledger, Ledger.Command command) =>
        _test.Await(ledger.Ask<string>(command, 30 * Second));
}
