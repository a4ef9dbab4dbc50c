using System.Collections.Concurrent;
using System.Text;
using SigmaComms.Actors;
using SigmaComms.Actors.Supervision;
using SigmaComms.Persistence.EventSourcing;

namespace SigmaComms.Persistence.Tests.EventSourcing;

/// <summary>What an event-sourced actor promises, over a store that works.</summary>
public abstract class LedgerClaims : LedgerCommandClaims
{
    [Fact]
    public async Task A_new_actor_starts_empty_and_stores_nothing_by_itself()
    {
        IActorRef ledger = await StartAsync();

        Assert.Equal("", await WordsAsync(ledger));
        Assert.Equal(0, await Journal.HighestSequenceAsync(Id, CancellationToken.None));
    }

    [Fact]
    public async Task Its_state_is_recovered_from_the_stored_events()
    {
        IActorRef ledger = await StartAsync();
        await AddAsync(ledger, "a");
        await AddAsync(ledger, "b", "c");

        ledger = await StartAgainAsync(ledger);

        Assert.Equal("a b c", await WordsAsync(ledger));
    }

    [Fact]
    public async Task After_recovery_it_goes_on_with_the_next_sequence()
    {
        IActorRef ledger = await StartAsync();
        await AddAsync(ledger, "a", "b");
        ledger = await StartAgainAsync(ledger);

        string words = await AddAsync(ledger, "c");

        Assert.Equal("a b c", words);
        Assert.Equal(3L, await AskAsync<object>(ledger, Do(l => (object)l.LastSequence)));
        Assert.Equal(3, await Journal.HighestSequenceAsync(Id, CancellationToken.None));
    }

    [Fact]
    public async Task Events_of_many_commands_are_stored_and_applied_in_the_order_of_the_commands()
    {
        IActorRef ledger = await StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => AddAsync(ledger, $"{i}a", $"{i}b")));

        string expected = string.Join(' ', Enumerable.Range(0, 200).Select(i => $"{i}a {i}b"));
        Assert.Equal(expected, await WordsAsync(ledger));
        Assert.Equal(expected, await WordsAsync(await StartAgainAsync(ledger)));
    }

    [Fact]
    public async Task No_other_command_runs_while_one_persists()
    {
        IActorRef ledger = await StartAsync();
        Ledger.Command twice = new(async l =>
        {
            await l.Add("first");
            string between = l.Words;
            await l.Add("second");
            return between;
        });

        Task<string>[] answers = [.. Enumerable.Range(0, 20).Select(_ => AskAsync<string>(ledger, twice))];

        string[] between = await Task.WhenAll(answers);
        Assert.All(between, (words, i) => Assert.Equal((2 * i) + 1, words.Split(' ').Length));
    }

    [Fact]
    public async Task The_state_changes_only_once_the_event_is_durable()
    {
        IActorRef ledger = await StartAsync();
        Ledger.Command command = new(async l =>
        {
            await l.Add("a");
            long stored = await Journal.HighestSequenceAsync(Id, CancellationToken.None);
            return $"{l.Words}, {stored} stored";
        });

        Assert.Equal("a, 1 stored", await AskAsync<string>(ledger, command));
    }

    [Fact]
    public async Task Persisting_nothing_is_fine_and_stores_nothing()
    {
        IActorRef ledger = await StartAsync();

        await AddAsync(ledger);

        Assert.Equal(0, await Journal.HighestSequenceAsync(Id, CancellationToken.None));
    }

    [Fact]
    public async Task Commands_sent_during_the_recovery_are_handled_after_it_in_their_order()
    {
        IActorRef first = await StartAsync();
        await AddAsync(first, "a", "b");
        await EndAsync(first);

        IActorRef ledger = await StartAsync();
        Task<string>[] answers = [.. Enumerable.Range(0, 5).Select(i => AddAsync(ledger, $"{i}"))];

        Assert.Equal(
            ["a b 0", "a b 0 1", "a b 0 1 2", "a b 0 1 2 3", "a b 0 1 2 3 4"], await Task.WhenAll(answers));
    }

    [Fact]
    public async Task The_end_of_the_recovery_is_told_once_before_the_first_command_and_may_persist()
    {
        LedgerSettings settings = new(Store)
        {
            OnRecovered = async l =>
            {
                l.Memory += $"recovered {l.Words};";
                await l.Add("woke");
            },
        };
        IActorRef ledger = await StartAsync(settings);
        Assert.Equal("recovered ;", await AskAsync<string>(ledger, Do(l => (object)l.Memory)));

        ledger = await StartAgainAsync(ledger, settings);

        Assert.Equal("recovered woke;", await AskAsync<string>(ledger, Do(l => (object)l.Memory)));
        Assert.Equal("woke woke", await WordsAsync(ledger));
    }

    [Fact]
    public async Task Recovery_is_visible_while_it_lasts_and_not_after()
    {
        ConcurrentQueue<(bool, long)> seen = new();
        LedgerSettings settings = new(Store) { OnApply = (l, _) => seen.Enqueue((l.IsRecovering, l.LastSequence)) };
        IActorRef ledger = await StartAsync(settings);
        await AddAsync(ledger, "a", "b");

        ledger = await StartAgainAsync(ledger, settings);
        await AddAsync(ledger, "c");

        Assert.Equal([(false, 1), (false, 2), (true, 1), (true, 2), (false, 3)], seen);
    }

    [Fact]
    public async Task The_sender_is_still_known_after_persisting()
    {
        IActorRef ledger = await StartAsync();
        Ledger.Command command = new(async l =>
        {
            IActorRef? before = l.Sender;
            await l.Add("a");
            return before is not null && before.Equals(l.Sender);
        });

        Assert.Equal(true, await AskAsync<object>(ledger, command));
    }

    [Fact]
    public async Task A_command_put_aside_comes_back_after_the_state_has_changed()
    {
        IActorRef ledger = await StartAsync();
        Ledger.Command whenOpen = new(async l =>
        {
            if (l.Words.Length == 0)
            {
                l.Context.Stash.Stash();
                return Ledger.NoAnswer;
            }

            await l.Add("guest");
            return l.Words;
        });

        Task<string> waiting = AskAsync<string>(ledger, whenOpen);
        await AskAsync<string>(ledger, Do(async l =>
        {
            await l.Add("open");
            l.Context.Stash.UnstashAll();
        }));

        Assert.Equal("open guest", await waiting);
    }

    [Fact]
    public async Task Behaviour_can_follow_the_state_and_is_recovered_with_it()
    {
        LedgerSettings settings = new(Store)
        {
            OnApply = (l, word) => l.Memory = word == "lock" ? "locked" : "unlocked",
        };
        IActorRef ledger = await StartAsync(settings);
        await AddAsync(ledger, "lock");

        ledger = await StartAgainAsync(ledger, settings);

        Assert.Equal("locked", await AskAsync<string>(ledger, Do(l => (object)l.Memory)));
    }

    [Fact]
    public async Task A_failing_command_restarts_it_from_its_durable_state_and_not_from_memory()
    {
        IActorRef ledger = await StartAsync();
        await AddAsync(ledger, "a");
        ledger.Tell(Do(l =>
        {
            l.Memory = "only in memory";
            throw new InvalidOperationException("planted");
        }));

        string words = await AddAsync(ledger, "b");

        Assert.Equal("a b", words);
        Assert.Equal("", await AskAsync<string>(ledger, Do(l => (object)l.Memory)));
        Assert.Equal("planted", Assert.Single(Failures).Message);
    }

    [Fact]
    public async Task What_a_command_persisted_before_it_failed_stays()
    {
        IActorRef ledger = await StartAsync();
        ledger.Tell(Do(async l =>
        {
            await l.Add("a");
            throw new InvalidOperationException("planted");
        }));

        Assert.Equal("a", await WordsAsync(ledger));
    }

    [Fact]
    public async Task Two_ids_do_not_know_of_each_other()
    {
        IActorRef one = await StartAsync();
        IActorRef two = await StartAsync(new LedgerSettings(Store, "ledger/2"));
        await Task.WhenAll(AddAsync(one, "a"), AddAsync(two, "x", "y"));

        Assert.Equal("a", await WordsAsync(await StartAgainAsync(one)));
        Assert.Equal("x y", await WordsAsync(await StartAgainAsync(two, new LedgerSettings(Store, "ledger/2"))));
    }

    [Fact]
    public async Task A_snapshot_and_the_events_after_it_give_the_state()
    {
        ConcurrentQueue<string> replayed = new();
        IActorRef ledger = await StartAsync();
        await AddAsync(ledger, "a", "b");
        Assert.Equal(true, await AskAsync<object>(ledger, new Ledger.Command(async l => await l.Snap())));
        await AddAsync(ledger, "c");

        ledger = await StartAgainAsync(
            ledger, new LedgerSettings(Store) { OnApply = (_, word) => replayed.Enqueue(word) });

        Assert.Equal("a b c", await WordsAsync(ledger));
        Assert.Equal(["c"], replayed);
    }

    [Fact]
    public async Task An_actor_may_recover_without_its_snapshot()
    {
        ConcurrentQueue<string> replayed = new();
        IActorRef ledger = await StartAsync();
        await AddAsync(ledger, "a", "b");
        await AskAsync<object>(ledger, new Ledger.Command(async l => await l.Snap()));

        ledger = await StartAgainAsync(
            ledger,
            new LedgerSettings(Store) { RecoversFromSnapshot = false, OnApply = (_, word) => replayed.Enqueue(word) });

        Assert.Equal("a b", await WordsAsync(ledger));
        Assert.Equal(["a", "b"], replayed);
    }

    [Fact]
    public async Task Snapshots_are_taken_by_themselves_after_so_many_events()
    {
        IActorRef ledger = await StartAsync(new LedgerSettings(Store) { SnapshotEvery = 10 });

        for (int i = 1; i <= 25; i++)
        {
            await AddAsync(ledger, $"{i}");
        }

        Assert.Equal(20, (await Snapshots.LoadAsync(Id, CancellationToken.None))!.Sequence);
    }

    [Fact]
    public async Task Events_before_the_last_but_one_snapshot_can_be_deleted_and_none_after_it()
    {
        IActorRef ledger = await StartAsync();
        await AddAsync(ledger, "a", "b", "c");
        await AskAsync<object>(ledger, new Ledger.Command(async l => await l.Snap()));
        await AddAsync(ledger, "d");
        await AskAsync<string>(ledger, Do(l => l.Forget(long.MaxValue)));
        List<long> withOne = await SequencesAsync();
        await AskAsync<object>(ledger, new Ledger.Command(async l => await l.Snap()));
        await AddAsync(ledger, "e");

        await AskAsync<string>(ledger, Do(l => l.Forget(long.MaxValue)));

        Assert.Equal([1, 2, 3, 4], withOne);
        Assert.Equal([4, 5], await SequencesAsync());
        Assert.Equal("a b c d e", await WordsAsync(await StartAgainAsync(ledger)));
    }

    [Fact]
    public async Task What_recovery_began_with_counts_as_the_last_but_one_after_the_next_snapshot()
    {
        IActorRef ledger = await StartAsync();
        await AddAsync(ledger, "a", "b");
        await AskAsync<object>(ledger, new Ledger.Command(async l => await l.Snap()));
        ledger = await StartAgainAsync(ledger);
        await AddAsync(ledger, "c");
        await AskAsync<object>(ledger, new Ledger.Command(async l => await l.Snap()));

        await AskAsync<string>(ledger, Do(l => l.Forget(long.MaxValue)));

        Assert.Equal([3], await SequencesAsync());
        Assert.Equal("a b c", await WordsAsync(await StartAgainAsync(ledger)));
    }

    [Fact]
    public async Task Without_a_snapshot_nothing_is_deleted()
    {
        IActorRef ledger = await StartAsync();
        await AddAsync(ledger, "a", "b");

        await AskAsync<string>(ledger, Do(l => l.Forget(2)));

        Assert.Equal("a b", await WordsAsync(await StartAgainAsync(ledger)));
    }

    [Fact]
    public async Task A_state_that_needs_no_deleted_events_recovers_from_those_that_are_left()
    {
        LedgerSettings settings = new(Store) { NeedsNoDeletedEvents = true };
        IActorRef ledger = await StartAsync(settings);
        await AddAsync(ledger, "a", "b", "c");
        await AskAsync<string>(ledger, Do(l => l.Forget(2)));

        ledger = await StartAgainAsync(ledger, settings);
        Assert.Equal("c", await WordsAsync(ledger));
        await AskAsync<string>(ledger, Do(l => l.Forget(3)));
        ledger = await StartAgainAsync(ledger, settings);

        Assert.Equal("d", await AddAsync(ledger, "d"));
        Assert.Equal(4, await Journal.HighestSequenceAsync(Id, CancellationToken.None));
    }

    [Fact]
    public async Task Events_of_an_older_version_are_understood()
    {
        await Journal.AppendAsync(Id, 0, 0, [new NewEvent(1, 1, Encoding.UTF8.GetBytes("old"))], default);

        IActorRef ledger = await StartAsync();

        Assert.Equal("OLD new", await AddAsync(ledger, "new"));
    }

    [Fact]
    public async Task Thousands_of_events_are_replayed_in_order()
    {
        NewEvent[] events =
            [.. Enumerable.Range(0, 1_000).Select(i => new NewEvent(1, 2, Encoding.UTF8.GetBytes($"{i}")))];
        for (int i = 0; i < 5; i++)
        {
            await Journal.AppendAsync(Id, i * 1_000, 0, events, CancellationToken.None);
        }

        string[] words = (await WordsAsync(await StartAsync())).Split(' ');

        Assert.Equal(Enumerable.Range(0, 5_000).Select(i => $"{i % 1_000}"), words);
    }

    [Fact]
    public async Task The_writer_that_recovered_last_wins_and_the_other_one_stops_without_having_changed()
    {
        IActorRef old = await StartAsync();
        await AddAsync(old, "a");
        IActorRef young = await StartAsync();
        await AddAsync(young, "b");

        old.Tell(Do(l => l.Add("lost")));
        await Assert.ThrowsAsync<AskTargetTerminatedException>(() => WordsAsync(old));

        Assert.Equal("a b c", await AddAsync(young, "c"));
        Assert.Equal(AppendStatus.Fenced, Assert.IsType<PersistFailedException>(Assert.Single(Failures)).Status);
    }

    [Fact]
    public async Task An_actor_with_a_given_epoch_is_fenced_by_a_higher_one()
    {
        IActorRef old = await StartAsync(new LedgerSettings(Store) { WriterEpoch = 4 });
        await AddAsync(old, "a");
        IActorRef young = await StartAsync(new LedgerSettings(Store) { WriterEpoch = 5 });
        await AddAsync(young, "b");

        IActorRef again = await StartAsync(new LedgerSettings(Store) { WriterEpoch = 4 });
        Assert.Equal("a b", await WordsAsync(again));
        again.Tell(Do(l => l.Add("lost")));

        await Assert.ThrowsAsync<AskTargetTerminatedException>(() => WordsAsync(again));
        Assert.Equal("a b c", await AddAsync(young, "c"));
    }

    [Fact]
    public async Task Persisting_in_apply_or_twice_at_once_is_the_authors_bug()
    {
        ConcurrentQueue<string> faults = new();
        LedgerSettings settings = new(Store)
        {
            OnApply = (l, _) => faults.Enqueue(Assert.Throws<InvalidOperationException>(
                () => l.Add("nested").AsTask().GetAwaiter().GetResult()).Message),
        };
        IActorRef ledger = await StartAsync(settings);
        await AddAsync(ledger, "a");

        ledger = await StartAgainAsync(ledger, settings);
        await WordsAsync(ledger);

        Assert.Equal(2, faults.Count);
        Assert.Contains("do not persist in Apply", faults.First());
        Assert.Contains("is recovering", faults.Last());
    }

    [Fact]
    public async Task A_hundred_actors_recover_at_once_under_the_usual_permits()
    {
        for (int i = 0; i < 100; i++)
        {
            await Journal.AppendAsync(
                $"many/{i}", 0, 0, [new NewEvent(1, 2, Encoding.UTF8.GetBytes($"{i}"))], CancellationToken.None);
        }

        string[] words = await Task.WhenAll(Enumerable.Range(0, 100).Select(
            async i => await WordsAsync(await StartAsync(new LedgerSettings(Store, $"many/{i}")))));

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), words);
        Assert.Equal(0, Store.Recovering);
    }

    private async Task<List<long>> SequencesAsync()
    {
        List<long> sequences = [];
        await foreach (JournalEvent e in Journal.ReplayAsync(Id, 1, CancellationToken.None))
        {
            sequences.Add(e.Sequence);
        }

        return sequences;
    }
}
