using System.Collections.Concurrent;
using System.Text;
using SigmaComms.Actors;
using SigmaComms.Actors.Supervision;
using SigmaComms.Persistence.EventSourcing;

namespace SigmaComms.Persistence.Tests.EventSourcing;

/// <summary>How commands, persisting and the actor's life go together, over a store that works.</summary>
public abstract class LedgerCommandClaims : IAsyncLifetime
{
    protected const string Id = "ledger/1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(1);

    private readonly ActorSystem _system = new("test", new ActorSystemOptions());
    private IActorRef _house = null!;

    protected ConcurrentQueue<Exception> Failures { get; } = new();

    protected IJournal Journal { get; private set; } = null!;

    protected EventStore Store { get; private set; } = null!;

    protected ISnapshotStore Snapshots => (ISnapshotStore)Journal;

    public async Task InitializeAsync()
    {
        Journal = await OpenAsync();
        Store = new EventStore(Journal, Snapshots);
        _house = _system.ActorOf(LedgerHouse.Of(Failures, new Backoff(Short, Short, 0, Patience)), "house");
    }

    public async Task DisposeAsync()
    {
        await _system.DisposeAsync();
        Store.Dispose();
        await Journal.DisposeAsync();
    }

    protected abstract ValueTask<IJournal> OpenAsync();

    private protected static Ledger.Command Do(Func<Ledger, object> run) =>
        new(ledger => new ValueTask<object>(run(ledger)));

    private protected static Ledger.Command Do(Func<Ledger, ValueTask> run) => new(async ledger =>
    {
        await run(ledger);
        return ledger.Words;
    });

    private protected static Task<T> AskAsync<T>(IActorRef ledger, Ledger.Command command) =>
        ledger.Ask<T>(command, Patience);

    private protected static Task<string> AddAsync(IActorRef ledger, params string[] words) =>
        AskAsync<string>(ledger, Do(l => l.AddAll(words)));

    private protected static Task<string> WordsAsync(IActorRef ledger) =>
        AskAsync<string>(ledger, Do(l => (object)l.Words));

    private protected Task<IActorRef> StartAsync(LedgerSettings? settings = null) =>
        _house.Ask<IActorRef>(settings ?? new LedgerSettings(Store), Patience);

    private protected static async Task EndAsync(IActorRef ledger)
    {
        ledger.Tell(PoisonPill.Instance);
        await Assert.ThrowsAsync<AskTargetTerminatedException>(() => WordsAsync(ledger));
    }

    private protected async Task<IActorRef> StartAgainAsync(IActorRef ledger, LedgerSettings? settings = null)
    {
        await EndAsync(ledger);
        return await StartAsync(settings);
    }

    [Fact]
    public async Task A_message_it_does_not_know_changes_and_stores_nothing_and_is_told_as_unhandled()
    {
        IActorRef ledger = await StartAsync();
        await AddAsync(ledger, "a");
        TaskCompletionSource<UnhandledMessage> told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _system.EventStream.Subscribe(
            _system.ActorOf(Props.Create(() => new Listener<UnhandledMessage>(told))), typeof(UnhandledMessage));

        ledger.Tell("no command");

        Assert.Equal("no command", (await told.Task.WaitAsync(Patience)).Message);
        Assert.Equal("a", await WordsAsync(ledger));
        Assert.Equal(1, await Journal.HighestSequenceAsync(Id, CancellationToken.None));
    }

    [Fact]
    public async Task All_commands_before_a_poison_pill_are_durable()
    {
        IActorRef ledger = await StartAsync();
        for (int i = 0; i < 50; i++)
        {
            string word = $"{i}";
            ledger.Tell(Do(l => l.Add(word)));
        }

        ledger = await StartAgainAsync(ledger);

        Assert.Equal(string.Join(' ', Enumerable.Range(0, 50)), await WordsAsync(ledger));
    }

    [Fact]
    public async Task A_stop_while_it_persists_waits_until_the_event_is_durable_and_in_the_state()
    {
        ConcurrentQueue<string> applied = new();
        IActorRef ledger = await StartAsync(new LedgerSettings(Store) { OnApply = (_, word) => applied.Enqueue(word) });
        ledger.Tell(Do(async l =>
        {
            l.Context.Stop(l.Context.Self);
            await l.AddAll("a", "b");
        }));

        await Assert.ThrowsAsync<AskTargetTerminatedException>(() => WordsAsync(ledger));

        Assert.Equal(["a", "b"], applied);
        Assert.Equal("a b", await WordsAsync(await StartAsync()));
    }

    [Fact]
    public async Task A_timer_may_persist()
    {
        IActorRef ledger = await StartAsync();
        await AskAsync<string>(ledger, Do(l => Later(l, new Ledger.Command(async me =>
        {
            await me.Add("tick");
            return Ledger.NoAnswer;
        }))));

        string words;
        DateTime end = DateTime.UtcNow + Patience;
        while ((words = await WordsAsync(ledger)) == "" && DateTime.UtcNow < end)
        {
            await Task.Yield();
        }

        Assert.Equal("tick", words);

        static object Later(Ledger ledger, object command)
        {
            ledger.Context.Timers.StartSingle("key", command, TimeSpan.Zero);
            return "";
        }
    }

    [Fact]
    public async Task The_outcome_of_work_outside_of_its_turn_may_be_persisted()
    {
        TaskCompletionSource<string> work = new();
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef ledger = await StartAsync();
        await AskAsync<string>(ledger, Do(l =>
        {
            l.Context.PipeToSelf(
                work.Task,
                word => Do(async me =>
                {
                    await me.Add(word);
                    done.SetResult();
                }),
                failure => failure);
            return "";
        }));
        await AddAsync(ledger, "before");

        work.SetResult("outcome");
        await done.Task.WaitAsync(Patience);

        Assert.Equal("before outcome", await WordsAsync(await StartAgainAsync(ledger)));
    }

    [Fact]
    public async Task Events_are_applied_with_the_same_sequences_at_every_recovery()
    {
        ConcurrentQueue<(long Sequence, string Word)> seen = new();
        LedgerSettings settings = new(Store) { OnApply = (l, word) => seen.Enqueue((l.LastSequence, word)) };
        IActorRef ledger = await StartAsync(settings);
        await AddAsync(ledger, "a");
        await AddAsync(ledger, "b", "c");

        for (int i = 0; i < 2; i++)
        {
            ledger = await StartAgainAsync(ledger, settings);
            await WordsAsync(ledger);
        }

        (long, string)[] once = [(1, "a"), (2, "b"), (3, "c")];
        Assert.Equal([.. once, .. once, .. once], seen);
    }

    [Fact]
    public async Task More_events_at_once_than_an_append_holds_are_rejected_whole_and_the_actor_goes_on()
    {
        IActorRef ledger = await StartAsync();
        string[] tooMany = [.. Enumerable.Range(0, JournalLimits.EventsPerAppendMax + 1).Select(i => $"{i}")];

        Ledger.Command command = new(async l =>
        {
            PersistFailedException refused =
                await Assert.ThrowsAsync<PersistFailedException>(async () => await l.AddAll(tooMany));
            await l.Add("fine");
            return $"{refused.Status}: {l.Words}";
        });

        Assert.Equal("Rejected: fine", await AskAsync<string>(ledger, command));
        Assert.Equal(1, await Journal.HighestSequenceAsync(Id, CancellationToken.None));
    }

    [Fact]
    public async Task An_event_that_cannot_be_encoded_stores_none_of_those_that_belong_together()
    {
        IActorRef ledger = await StartAsync(new LedgerSettings(Store)
        {
            OnEncode = word => _ = word == "bad" ? throw new FormatException("planted") : 0,
        });

        ledger.Tell(Do(l => l.AddAll("a", "bad", "b")));

        Assert.Equal("c", await AddAsync(ledger, "c"));
        Assert.IsType<FormatException>(Assert.Single(Failures));
        Assert.Equal(1, await Journal.HighestSequenceAsync(Id, CancellationToken.None));
    }

    [Fact]
    public async Task The_empty_and_the_largest_event_are_recovered()
    {
        string largest = new('x', JournalLimits.PayloadBytesMax);
        IActorRef ledger = await StartAsync();
        await AddAsync(ledger, "", largest);

        string words = await WordsAsync(await StartAgainAsync(ledger));

        Assert.Equal(" " + largest, words);
    }

    [Fact]
    public async Task A_snapshot_that_is_due_in_the_middle_of_events_that_belong_together_holds_all_of_them()
    {
        IActorRef ledger = await StartAsync(new LedgerSettings(Store) { SnapshotEvery = 3 });

        await AddAsync(ledger, "a", "b", "c", "d", "e");

        Snapshot snapshot = (await Snapshots.LoadAsync(Id, CancellationToken.None))!;
        Assert.Equal(5, snapshot.Sequence);
        Assert.Equal("a|b|c|d|e", Encoding.UTF8.GetString(snapshot.Payload.Span));
    }

    [Fact]
    public async Task After_a_recovery_the_next_snapshot_is_counted_from_the_last_one()
    {
        LedgerSettings settings = new(Store) { SnapshotEvery = 4 };
        IActorRef ledger = await StartAsync(settings);
        await AddAsync(ledger, "1", "2", "3", "4");
        await AddAsync(ledger, "5", "6");
        ledger = await StartAgainAsync(ledger, settings);

        await AddAsync(ledger, "7");
        long before = (await Snapshots.LoadAsync(Id, CancellationToken.None))!.Sequence;
        await AddAsync(ledger, "8");
        long after = (await Snapshots.LoadAsync(Id, CancellationToken.None))!.Sequence;

        Assert.Equal((4, 8), (before, after));
    }

    [Fact]
    public async Task A_restart_keeps_its_address_and_tells_no_watcher_of_an_end()
    {
        IActorRef ledger = await StartAsync();
        TaskCompletionSource<Terminated> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _system.ActorOf(Props.Create(() => new Listener<Terminated>(ended, ledger)));
        ledger.Tell(Do(_ => throw new InvalidOperationException("planted")));

        Assert.Equal("a", await AddAsync(ledger, "a"));
        bool toldBefore = ended.Task.IsCompleted;
        await EndAsync(ledger);

        Assert.False(toldBefore);
        Assert.Equal(ledger, (await ended.Task.WaitAsync(Patience)).Actor);
    }

    [Fact]
    public async Task The_command_that_failed_is_not_run_again_and_those_behind_it_are_in_their_order()
    {
        int runs = 0;
        IActorRef ledger = await StartAsync();
        ledger.Tell(Do(async l =>
        {
            runs++;
            await l.Add("before the failure");
            throw new InvalidOperationException("planted");
        }));
        Task<string>[] answers = [.. Enumerable.Range(0, 5).Select(i => AddAsync(ledger, $"{i}"))];

        string last = (await Task.WhenAll(answers))[^1];

        Assert.Equal("before the failure 0 1 2 3 4", last);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Commands_put_aside_survive_a_failure_and_come_before_those_that_wait()
    {
        IActorRef ledger = await StartAsync();
        Ledger.Command aside = new(async l =>
        {
            if (l.Words == "")
            {
                l.Context.Stash.Stash();
                return Ledger.NoAnswer;
            }

            await l.Add("aside");
            return l.Words;
        });
        Task<string>[] waiting = [AskAsync<string>(ledger, aside), AskAsync<string>(ledger, aside)];
        ledger.Tell(Do(async l =>
        {
            await l.Add("opened");
            throw new InvalidOperationException("planted");
        }));

        string last = await AddAsync(ledger, "behind");

        Assert.Equal(["opened aside", "opened aside aside"], await Task.WhenAll(waiting));
        Assert.Equal("opened aside aside behind", last);
    }

    /// <summary>Gives the first message of a type to a test.</summary>
    private sealed class Listener<T> : ReceiveActor
    {
        private readonly IActorRef? _watched;

        public Listener(TaskCompletionSource<T> first, IActorRef? watched = null)
        {
            _watched = watched;
            Receive<T>(message => first.TrySetResult(message));
        }

        protected override ValueTask PreStart()
        {
            if (_watched is not null)
            {
                Context.Watch(_watched);
            }

            return ValueTask.CompletedTask;
        }
    }
}
