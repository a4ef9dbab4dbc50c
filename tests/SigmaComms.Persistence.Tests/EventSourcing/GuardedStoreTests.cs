using SigmaComms.Actors;
using SigmaComms.Actors.Breakers;
using SigmaComms.Actors.Supervision;
using SigmaComms.Actors.TestKit;
using SigmaComms.Persistence.Guarding;
using SigmaComms.Persistence.InMemory;

namespace SigmaComms.Persistence.Tests.EventSourcing;

/// <summary>A store behind a breaker, on virtual time.</summary>
public sealed class GuardedStoreTests : IAsyncDisposable
{
    private const string Id = "guarded/1";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TestSystem _test = new();
    private readonly InMemoryStore _real;
    private readonly FaultyStore _faulty;
    private readonly Breaker _breaker;
    private readonly GuardedStore _store;

    public GuardedStoreTests()
    {
        _real = new InMemoryStore(_test.Time);
        _faulty = new FaultyStore(_real, _real);
        BreakerSettings settings = new("journal")
        {
            CallsMin = 4,
            CallTimeout = 2 * Second,
            Break = new Backoff(5 * Second, 5 * Second, 0, Second),
            IsFailure = GuardedStore.IsFailure,
        };
        Breaker? made = null;
        _test.ActorOf(Props.Create(() => new Owner(settings, breaker => made = breaker)), "owner");
        _breaker = made!;
        _store = new GuardedStore(_faulty, _faulty, _breaker);
    }

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public void A_store_that_is_gone_opens_it_and_then_is_left_alone()
    {
        _faulty.Append = _ => throw new JournalException(JournalFailure.Unavailable, "gone");
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal("gone", Assert.Throws<JournalException>(() => Append(0)).Message);
        }

        JournalException refused = Assert.Throws<JournalException>(() => Append(0));

        Assert.Equal((BreakerState.Open, 4), (_breaker.State, _faulty.Appends));
        Assert.Equal(JournalFailure.Unavailable, refused.Reason);
        Assert.Contains("left alone for a while", refused.Message);
        Assert.Throws<JournalException>(() => _test.Await(_store.LoadAsync(Id, default).AsTask()));
        Assert.Throws<JournalException>(() => _test.Await(_store.HighestSequenceAsync(Id, default).AsTask()));
        Assert.Throws<JournalException>(() => Replay());
    }

    [Fact]
    public void After_the_break_one_call_finds_out_and_closes_it()
    {
        _faulty.Append = _ => throw new JournalException(JournalFailure.Unavailable, "gone");
        Open();

        _test.Advance(5 * Second);
        Assert.Equal(BreakerState.HalfOpen, _breaker.State);
        Assert.Throws<JournalException>(() => Append(0));
        Assert.Equal(BreakerState.Open, _breaker.State);
        _test.Advance(5 * Second);
        _faulty.Append = null;

        Assert.True(Append(0).IsStored);
        Assert.Equal(BreakerState.Closed, _breaker.State);
        Assert.Equal(1, Replay());
    }

    [Fact]
    public void A_slow_store_gives_an_unknown_end_though_it_may_store_it_later()
    {
        TaskCompletionSource slow = new();
        _faulty.Append = async real =>
        {
            await slow.Task;
            return await real();
        };

        AppendResult end = Append(0);
        slow.SetResult();
        Assert.True(SpinWait.SpinUntil(
            () => _test.Await(_real.HighestSequenceAsync(Id, default).AsTask()) == 1, 60 * Second));

        Assert.Equal((AppendStatus.Unknown, -1), (end.Status, end.HighestSequence));
        Assert.Contains("did not answer in time; it may still store it", end.Reason);
    }

    [Fact]
    public void Slow_answers_open_it_too()
    {
        TaskCompletionSource never = new();
        _faulty.Append = async real =>
        {
            await never.Task;
            return await real();
        };

        AppendStatus[] ends = [.. Enumerable.Range(0, 4).Select(_ => Append(0).Status)];

        Assert.Equal(Enumerable.Repeat(AppendStatus.Unknown, 4), ends);
        Assert.Equal(BreakerState.Open, _breaker.State);
    }

    [Fact]
    public void Unknown_ends_of_the_store_itself_count_and_are_passed_on()
    {
        _faulty.Append = _ => new ValueTask<AppendResult>(new AppendResult(AppendStatus.Unknown, -1, "cut"));

        AppendResult[] ends = [.. Enumerable.Range(0, 4).Select(_ => Append(0))];

        Assert.All(ends, end => Assert.Equal((AppendStatus.Unknown, "cut"), (end.Status, end.Reason)));
        Assert.Equal(BreakerState.Open, _breaker.State);
    }

    [Fact]
    public void Conflicts_fences_and_rejections_are_answers_and_open_nothing()
    {
        Append(0);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(AppendStatus.Conflict, Append(7).Status);
        }

        Assert.Equal(BreakerState.Closed, _breaker.State);
    }

    [Fact]
    public void Damage_in_one_journal_says_nothing_about_the_others()
    {
        Append(0);
        _faulty.BeforeEvent = _ => throw new JournalException(JournalFailure.Corrupt, "event 1 is bad");
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("event 1 is bad", Assert.Throws<JournalException>(() => Replay()).Message);
        }

        Assert.Equal(BreakerState.Closed, _breaker.State);
    }

    [Fact]
    public void A_full_disk_opens_it_and_it_closes_once_there_is_room()
    {
        _faulty.Append = _ => throw new JournalException(JournalFailure.DiskFull, "full");
        Open();
        _faulty.Append = null;
        _test.Advance(5 * Second);

        Assert.True(Append(0).IsStored);
        Assert.Equal(BreakerState.Closed, _breaker.State);
    }

    private void Open()
    {
        for (int i = 0; i < 4; i++)
        {
            Assert.Throws<JournalException>(() => Append(0));
        }

        Assert.Equal(BreakerState.Open, _breaker.State);
    }

    private AppendResult Append(long expected) => _test.Await(
        _store.AppendAsync(Id, expected, 0, [new NewEvent(1, 1, default)], CancellationToken.None).AsTask());

    private int Replay() => _test.Await(CountAsync());

    private async Task<int> CountAsync()
    {
        int count = 0;
        await foreach (JournalEvent _ in _store.ReplayAsync(Id, 1, CancellationToken.None))
        {
            count++;
        }

        return count;
    }

    private sealed class Owner(BreakerSettings settings, Action<Breaker> made) : UntypedActor
    {
        protected override ValueTask PreStart()
        {
            made(Context.Breaker(settings));
            return ValueTask.CompletedTask;
        }

        protected override void Handle(object message) => Unhandled(message);
    }
}
