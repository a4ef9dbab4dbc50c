using SigmaComms.Actors;
using SigmaComms.Actors.Breakers;
using SigmaComms.Actors.Supervision;
using SigmaComms.Actors.TestKit;
using SigmaComms.Persistence.Guarding;
using SigmaComms.Persistence.InMemory;

namespace SigmaComms.Persistence.Tests.EventSourcing;

/// <summary>A store behind breakers, on virtual time.</summary>
public sealed class GuardedStoreTests : IAsyncDisposable
{
    private const string Id = "guarded/1";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TestSystem _test = new();
    private readonly InMemoryStore _real;
    private readonly FaultyStore _faulty;
    private readonly IActorRef _owner;
    private readonly Breaker _breaker;
    private readonly Breaker _reads;
    private readonly GuardedStore _store;

    public GuardedStoreTests()
    {
        _real = new InMemoryStore(_test.Time);
        _faulty = new FaultyStore(_real, _real);
        Dictionary<string, Breaker> made = [];
        _owner = _test.ActorOf(Props.Create(() => new Owner(breaker => made.Add(breaker.Name, breaker))), "owner");
        (_breaker, _reads) = (made["writes"], made["reads"]);
        _store = new GuardedStore(_faulty, _faulty);
        _store.GuardWith(_breaker, _reads);
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
        Assert.Throws<JournalException>(() => _test.Await(_store.AcquireEpochAsync(Id, default).AsTask()));
        Assert.Throws<JournalException>(() => _test.Await(_store.DeleteToAsync(Id, 1, default).AsTask()));
        Assert.Throws<JournalException>(
            () => _test.Await(_store.SaveAsync(Id, new Snapshot(0, 1, 1, default), default).AsTask()));
    }

    [Fact]
    public void What_cannot_be_written_can_still_be_read()
    {
        Append(0);
        _faulty.Append = _ => throw new JournalException(JournalFailure.DiskFull, "full");
        Open(expected: 1);

        int replayed = Replay();

        Assert.Equal(1, replayed);
        Assert.Equal((BreakerState.Open, BreakerState.Closed), (_breaker.State, _reads.State));
        Assert.Equal(1, _test.Await(_store.HighestSequenceAsync(Id, default).AsTask()));
    }

    [Fact]
    public void What_cannot_be_read_is_left_alone_while_it_can_still_be_written()
    {
        _faulty.BeforeHighest = () => throw new JournalException(JournalFailure.Io, "unreadable");
        for (int i = 0; i < 4; i++)
        {
            Assert.Throws<JournalException>(
                () => _test.Await(_store.HighestSequenceAsync(Id, default).AsTask()));
        }

        AppendResult written = Append(0);

        Assert.True(written.IsStored);
        Assert.Equal((BreakerState.Closed, BreakerState.Open), (_breaker.State, _reads.State));
        Assert.Throws<JournalException>(() => _test.Await(_store.LoadAsync(Id, default).AsTask()));
        Assert.Throws<JournalException>(() => Replay());
    }

    [Fact]
    public void Without_breakers_and_after_their_owner_has_ended_calls_pass_as_they_are()
    {
        var bare = new GuardedStore(_faulty, _faulty);
        AppendResult before = _test.Await(
            bare.AppendAsync(Id, 0, 0, [new NewEvent(1, 1, default)], default).AsTask());
        _faulty.Append = _ => throw new JournalException(JournalFailure.Unavailable, "gone");
        Open(expected: 1);
        _faulty.Append = null;
        _test.System.Stop(_owner);
        _test.RunUntilIdle();

        AppendResult after = Append(1);

        Assert.True(before.IsStored);
        Assert.True(after.IsStored);
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

    private void Open(long expected = 0)
    {
        for (int i = 0; i < 4; i++)
        {
            Assert.Throws<JournalException>(() => Append(expected));
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

    private static BreakerSettings Settings(string name) => new(name)
    {
        CallsMin = 4,
        CallTimeout = 2 * Second,
        Break = new Backoff(5 * Second, 5 * Second, 0, Second),
        IsFailure = GuardedStore.IsFailure,
    };

    private sealed class Owner(Action<Breaker> made) : UntypedActor
    {
        protected override ValueTask PreStart()
        {
            made(Context.Breaker(Settings("writes")));
            made(Context.Breaker(Settings("reads")));
            return ValueTask.CompletedTask;
        }

        protected override void Handle(object message) => Unhandled(message);
    }
}
