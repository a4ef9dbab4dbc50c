using System.Collections.Concurrent;
using System.Text;
using SigmaComms.Actors;
using SigmaComms.Actors.Supervision;
using SigmaComms.Actors.TestKit;
using SigmaComms.Persistence.EventSourcing;
using SigmaComms.Persistence.InMemory;

namespace SigmaComms.Persistence.Tests.EventSourcing;

/// <summary>What an event-sourced actor does when its store fails, on virtual time.</summary>
public sealed class LedgerFailureTests : IAsyncLifetime
{
    private const string Id = "ledger/1";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<Exception> _failures = new();
    private readonly TestSystem _test = new();
    private readonly InMemoryStore _real;
    private readonly FaultyStore _faulty;
    private readonly EventStore _store;
    private readonly IActorRef _house;

    public LedgerFailureTests()
    {
        _real = new InMemoryStore(_test.Time);
        _faulty = new FaultyStore(_real, _real);
        _store = new EventStore(
            _faulty,
            _faulty,
            new EventStoreOptions { Time = _test.Time, RecoveriesMax = 2, StallTimeout = 10 * Second });
        Backoff backoff = new(Second, 8 * Second, 0, 60 * Second);
        _house = _test.ActorOf(LedgerHouse.Of(_failures, backoff), "house");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _test.DisposeAsync();
        _store.Dispose();
    }

    [Fact]
    public void An_unreadable_store_keeps_it_from_starting_until_it_is_back_and_no_command_is_lost()
    {
        Stored("a", "b");
        _faulty.BeforeHighest = () => throw new JournalException(JournalFailure.Unavailable, "gone");
        IActorRef ledger = Start();
        Task<string> waiting = ledger.Ask<string>(Add("c"), 60 * Second);
        _test.Advance(3.5 * Second);
        Assert.False(waiting.IsCompleted);

        _faulty.BeforeHighest = null;
        _test.Advance(4 * Second);

        Assert.Equal("a b c", _test.Await(waiting));
        Assert.Equal(3, _failures.Count);
        Assert.All(_failures, f => Assert.Equal(RecoveryFailure.Unavailable, ((RecoveryFailedException)f).Reason));
    }

    [Theory]
    [InlineData(JournalFailure.Gap, RecoveryFailure.Gap)]
    [InlineData(JournalFailure.Corrupt, RecoveryFailure.Corrupt)]
    public void A_journal_that_cannot_be_read_to_its_end_stops_it_and_says_where(
        JournalFailure fault, RecoveryFailure reason)
    {
        Stored("a", "b", "c");
        _faulty.BeforeEvent = sequence =>
            sequence == 3 ? throw new JournalException(fault, "event 3 is bad") : ValueTask.CompletedTask;

        IActorRef ledger = Start();

        RecoveryFailedException end = Assert.IsType<RecoveryFailedException>(Assert.Single(_failures));
        Assert.Equal((reason, 2, Id), (end.Reason, end.LastSequence, end.PersistenceId));
        Assert.Contains("'ledger/1' was recovered up to event 2 and no further: event 3 is bad", end.Message);
        AssertStopped(ledger);
    }

    [Fact]
    public void An_event_that_it_does_not_know_stops_it()
    {
        Stored("a");
        _test.Await(_real.AppendAsync(Id, 1, 0, [new NewEvent(99, 1, default)], default).AsTask());

        IActorRef ledger = Start();

        RecoveryFailedException end = Assert.IsType<RecoveryFailedException>(Assert.Single(_failures));
        Assert.Equal((RecoveryFailure.NotUnderstood, 1), (end.Reason, end.LastSequence));
        Assert.Contains("type 99 is not known", end.Message);
        AssertStopped(ledger);
    }

    [Fact]
    public void A_snapshot_that_it_cannot_take_stops_it()
    {
        Saved(0);

        IActorRef ledger = Start(
            new LedgerSettings(_store) { OnRestore = () => throw new InvalidDataException("old") });

        RecoveryFailedException end = Assert.IsType<RecoveryFailedException>(Assert.Single(_failures));
        Assert.Equal(RecoveryFailure.NotUnderstood, end.Reason);
        AssertStopped(ledger);
    }

    [Fact]
    public void A_damaged_snapshot_gives_way_to_the_older_one_and_then_to_all_events()
    {
        Stored("a", "b", "c");
        Saved(1, "a");
        Saved(2, "a", "b");

        _real.DamageSnapshot(Id, 2);
        Assert.Equal("a b c", Ask(Start(), Words()));
        _real.DamageSnapshot(Id, 1);
        Assert.Equal("a b c", Ask(Start(), Words()));
    }

    [Fact]
    public void A_snapshot_that_cannot_be_opened_gives_way_to_all_events()
    {
        Stored("a", "b");
        Saved(2, "wrong");
        _faulty.BeforeLoad = () => throw new JournalException(JournalFailure.Corrupt, "sealed with another key");

        Assert.Equal("a b", Ask(Start(), Words()));
    }

    [Fact]
    public void Without_the_snapshot_that_held_the_deleted_events_it_stops_at_the_gap()
    {
        Stored("a", "b", "c");
        Saved(2, "a", "b");
        _test.Await(_real.DeleteToAsync(Id, 2, default).AsTask());
        _real.DamageSnapshot(Id, 2);

        IActorRef ledger = Start();

        RecoveryFailedException end = Assert.IsType<RecoveryFailedException>(Assert.Single(_failures));
        Assert.Equal((RecoveryFailure.Gap, 0), (end.Reason, end.LastSequence));
        AssertStopped(ledger);
    }

    [Fact]
    public void Without_a_snapshot_a_journal_whose_events_are_all_deleted_is_a_gap()
    {
        Stored("a", "b");
        _test.Await(_real.DeleteToAsync(Id, 2, default).AsTask());

        Start();

        Assert.Equal(RecoveryFailure.Gap, Assert.IsType<RecoveryFailedException>(Assert.Single(_failures)).Reason);
    }

    [Fact]
    public void A_snapshot_that_is_newer_than_the_journal_is_a_gap()
    {
        Stored("a");
        Saved(5, "a", "b", "c", "d", "e");

        Start();

        RecoveryFailedException end = Assert.IsType<RecoveryFailedException>(Assert.Single(_failures));
        Assert.Equal(RecoveryFailure.Gap, end.Reason);
        Assert.Contains("the snapshot is of event 5, the journal ends with 1", end.Message);
    }

    [Fact]
    public void A_store_that_falls_silent_in_a_recovery_fails_it_and_its_permit_is_given_back()
    {
        Stored("a");
        TaskCompletionSource never = new();
        _faulty.BeforeEvent = _ => new ValueTask(never.Task);
        IActorRef ledger = Start();
        Assert.Equal(1, _store.Recovering);

        _test.Advance(10 * Second);
        Eventually(() => _failures.Count == 1 && _store.Recovering == 0);

        RecoveryFailedException end = Assert.IsType<RecoveryFailedException>(Assert.Single(_failures));
        Assert.Equal(RecoveryFailure.Unavailable, end.Reason);
        Assert.Contains("silent for 10 s", end.Message);
        _faulty.BeforeEvent = null;
        _test.Advance(Second);
        Assert.Equal("a", Ask(ledger, Words()));
    }

    [Fact]
    public void No_more_actors_recover_at_once_than_there_are_permits()
    {
        TaskCompletionSource gate = new();
        int reading = 0;
        _faulty.BeforeHighest = () =>
        {
            reading++;
            return new ValueTask(gate.Task);
        };

        IActorRef[] ledgers = [.. Enumerable.Range(0, 6).Select(i => Start(new LedgerSettings(_store, $"many/{i}")))];
        Assert.Equal((2, 2), (reading, _store.Recovering));
        gate.SetResult();
        Eventually(() => reading == 6 && _store.Recovering == 0);

        Assert.Equal(Enumerable.Repeat("", 6), ledgers.Select(ledger => Ask(ledger, Words())));
    }

    [Fact]
    public void A_stop_while_it_recovers_ends_the_recovery_and_gives_the_permit_back()
    {
        Stored("a");
        TaskCompletionSource never = new();
        _faulty.BeforeEvent = _ => new ValueTask(never.Task);
        TestProbe probe = _test.CreateProbe();
        IActorRef ledger = Start();
        probe.Watch(ledger);

        _test.System.Stop(_house);
        Eventually(() => probe.Waiting > 0 && _store.Recovering == 0);

        probe.ExpectTerminated(ledger);
    }

    [Fact]
    public void After_a_conflict_no_command_runs_before_it_has_recovered_what_the_other_wrote()
    {
        IActorRef ledger = Start();
        Ask(ledger, Add("a"));
        _test.Await(_real.AppendAsync(Id, 1, 9, [Event("other")], default).AsTask());
        _faulty.Append = _ => new ValueTask<AppendResult>(new AppendResult(AppendStatus.Conflict, 2, "planted"));

        ledger.Tell(Add("lost"));
        Task<string> next = ledger.Ask<string>(Words(), 60 * Second);
        _test.RunUntilIdle();
        Assert.False(next.IsCompleted);
        _faulty.Append = null;
        _test.Advance(Second);

        Assert.Equal("a other", _test.Await(next));
        Assert.Equal(AppendStatus.Conflict, Assert.IsType<PersistFailedException>(Assert.Single(_failures)).Status);
        Assert.Equal("a other b", Ask(ledger, Add("b")));
    }

    [Theory]
    [InlineData(true, "a doubtful")]
    [InlineData(false, "a")]
    public void After_an_unknown_end_it_recovers_what_the_journal_tells_and_guesses_nothing(bool isStored, string words)
    {
        IActorRef ledger = Start();
        Ask(ledger, Add("a"));
        _faulty.Append = async real =>
        {
            _faulty.Append = null;
            _ = isStored ? await real() : default;
            return new AppendResult(AppendStatus.Unknown, -1, "the connection was cut");
        };
        string? atFailure = null;

        ledger.Tell(new Ledger.Command(async l =>
        {
            try
            {
                await l.Add("doubtful");
            }
            finally
            {
                atFailure = l.Words;
            }

            return l.Words;
        }));
        _test.Advance(Second);

        Assert.Equal("a", atFailure);
        Assert.Equal(words, Ask(ledger, Words()));
    }

    [Fact]
    public void A_handler_that_swallows_the_failure_does_not_keep_the_instance()
    {
        IActorRef ledger = Start();
        _faulty.Append = _ => new ValueTask<AppendResult>(new AppendResult(AppendStatus.Unknown, -1, "planted"));
        ledger.Tell(new Ledger.Command(async l =>
        {
            l.Memory = "of the old instance";
            try
            {
                await l.Add("a");
            }
            catch (PersistFailedException)
            {
                // As careless code does.
            }

            return l.Words;
        }));
        _test.RunUntilIdle();
        _faulty.Append = null;
        _test.Advance(Second);

        Assert.Equal("", Ask(ledger, new Ledger.Command(l => new ValueTask<object>(l.Memory))));
        Assert.Equal(AppendStatus.Unknown, Assert.IsType<PersistFailedException>(Assert.Single(_failures)).Status);
    }

    [Fact]
    public void A_fenced_writer_stops_and_does_not_take_the_journal_back()
    {
        IActorRef ledger = Start();
        Ask(ledger, Add("a"));
        long epoch = _test.Await(_real.AcquireEpochAsync(Id, default).AsTask());

        ledger.Tell(Add("lost"));
        _test.Advance(60 * Second);

        AssertStopped(ledger);
        AppendResult successor = _test.Await(_real.AppendAsync(Id, 1, epoch, [Event("b")], default).AsTask());
        Assert.True(successor.IsStored);
    }

    [Fact]
    public void Rejected_events_change_nothing_and_the_handler_may_go_on()
    {
        IActorRef ledger = Start();
        _faulty.Append = _ => new ValueTask<AppendResult>(new AppendResult(AppendStatus.Rejected, -1, "too large"));
        Ledger.Command command = new(async l =>
        {
            PersistFailedException end = await Assert.ThrowsAsync<PersistFailedException>(() => l.Add("x").AsTask());
            _faulty.Append = null;
            await l.Add("y");
            return $"{end.Status} {end.IsStateLost} {l.Words}";
        });

        Assert.Equal("Rejected False y", Ask(ledger, command));
        Assert.Empty(_failures);
    }

    [Fact]
    public void A_store_that_fails_and_stores_nothing_leaves_the_state_good()
    {
        IActorRef ledger = Start();
        Ask(ledger, Add("a"));
        _faulty.Append = _ => throw new JournalException(JournalFailure.DiskFull, "full");
        Ledger.Command command = new(async l =>
        {
            JournalException end = await Assert.ThrowsAsync<JournalException>(() => l.Add("x").AsTask());
            return $"{end.Reason} {l.Words} {l.LastSequence}";
        });

        Assert.Equal("DiskFull a 1", Ask(ledger, command));
        _faulty.Append = null;
        Assert.Equal("a b", Ask(ledger, Add("b")));
        Assert.Empty(_failures);
    }

    [Fact]
    public void An_uncaught_failure_of_the_store_goes_to_the_supervisor_which_restarts_with_growing_waits()
    {
        IActorRef ledger = Start();
        Ask(ledger, Add("a"));
        _faulty.Append = _ => throw new JournalException(JournalFailure.DiskFull, "full");

        ledger.Tell(Add("x"));
        _test.Advance(Second);
        ledger.Tell(Add("y"));
        _test.Advance(Second);
        Task<string> waiting = ledger.Ask<string>(Words(), 60 * Second);
        _test.RunUntilIdle();
        Assert.False(waiting.IsCompleted);
        _test.Advance(Second);

        Assert.Equal("a", _test.Await(waiting));
        Assert.Equal(2, _failures.Count);
    }

    [Fact]
    public void An_apply_that_fails_on_a_durable_event_ends_the_instance_and_the_next_recovery_says_so()
    {
        LedgerSettings settings = new(_store)
        {
            OnApply = (_, word) =>
            {
                if (word == "bad")
                {
                    throw new InvalidOperationException("apply failed");
                }
            },
        };
        IActorRef ledger = Start(settings);

        ledger.Tell(new Ledger.Command(async l =>
        {
            await l.AddAll("good", "bad", "never applied");
            return l.Words;
        }));
        _test.Advance(Second);

        Assert.Equal(2, _failures.Count);
        Assert.Equal("apply failed", _failures.First().Message);
        Assert.Equal(RecoveryFailure.NotUnderstood, ((RecoveryFailedException)_failures.Last()).Reason);
        AssertStopped(ledger);
    }

    [Fact]
    public void A_snapshot_that_cannot_be_saved_harms_neither_state_nor_recovery()
    {
        _faulty.BeforeSave = () => throw new JournalException(JournalFailure.DiskFull, "no room for snapshots");
        LedgerSettings settings = new(_store) { SnapshotEvery = 2 };
        IActorRef ledger = Start(settings);

        Ask(ledger, Add("a"));
        Assert.Equal("a b", Ask(ledger, Add("b")));

        Assert.Equal(
            "no room for snapshots", Ask(ledger, new Ledger.Command(l => new ValueTask<object>(l.SnapshotFailure!))));
        Assert.Empty(_failures);
        Assert.Equal("a b", Ask(Start(settings), Words()));
    }

    [Fact]
    public void Events_of_a_snapshot_that_could_not_be_saved_are_not_deleted()
    {
        _faulty.BeforeSave = () => throw new JournalException(JournalFailure.DiskFull, "no room for snapshots");
        LedgerSettings settings = new(_store) { SnapshotEvery = 2 };
        IActorRef ledger = Start(settings);
        Ask(ledger, Add("a"));
        Ask(ledger, Add("b"));

        Ask(ledger, new Ledger.Command(async l =>
        {
            await l.Forget(long.MaxValue);
            return "done";
        }));

        Assert.Equal("a b", Ask(Start(settings), Words()));
        Assert.Empty(_failures);
    }

    [Fact]
    public void A_failure_after_recovery_is_one_of_the_start()
    {
        bool isFirst = true;
        LedgerSettings settings = new(_store)
        {
            OnRecovered = l =>
            {
                bool fails = isFirst;
                isFirst = false;
                return fails ? throw new InvalidOperationException("planted") : l.Add("woke");
            },
        };

        IActorRef ledger = Start(settings);
        _test.Advance(Second);

        Assert.Equal("woke", Ask(ledger, Words()));
        Assert.Equal("planted", Assert.Single(_failures).Message);
    }

    private static NewEvent Event(string word) => new(1, 2, Encoding.UTF8.GetBytes(word));

    private static Ledger.Command Words() => new(l => new ValueTask<object>(l.Words));

    private static Ledger.Command Add(string word) => new(async l =>
    {
        await l.Add(word);
        return l.Words;
    });

    private void Stored(params string[] words) =>
        _test.Await(_real.AppendAsync(Id, 0, 0, [.. words.Select(Event)], default).AsTask());

    private void Saved(long sequence, params string[] words) => _test.Await(_real.SaveAsync(
        Id, new Snapshot(sequence, 7, 1, Encoding.UTF8.GetBytes(string.Join('|', words))), default).AsTask());

    private IActorRef Start(LedgerSettings? settings = null)
    {
        IActorRef ledger = _test.Await(_house.Ask<IActorRef>(settings ?? new LedgerSettings(_store), Second));
        _test.RunUntilIdle();
        return ledger;
    }

    private string Ask(IActorRef ledger, Ledger.Command command) =>
        _test.Await(ledger.Ask<string>(command, 30 * Second));

    /// <summary>Lets the system run until something holds that comes over another thread.</summary>
    private void Eventually(Func<bool> holds) => Assert.True(SpinWait.SpinUntil(
        () =>
        {
            _test.RunUntilIdle();
            return holds();
        },
        60 * Second));

    private void AssertStopped(IActorRef ledger) => Assert.Throws<AskTargetTerminatedException>(
        () => Ask(ledger, Words()));
}
