using System.Text;

namespace SigmaComms.Persistence.Tests.Conformance;

/// <summary>What every store must do. A store passes by deriving from it.</summary>
public abstract class StoreConformance : SnapshotConformance
{
    private ValueTask<AppendResult> AppendAsync(long expected, params NewEvent[] events) =>
        Journal.AppendAsync(Pid, expected, 1, events, CancellationToken.None);

    [StoreFact]
    public async Task A_new_journal_is_empty_and_its_highest_sequence_is_zero()
    {
        Assert.Equal(0, await Journal.HighestSequenceAsync(Pid, CancellationToken.None));
        Assert.Empty(await ReplayAsync());
        Assert.Null(await Snapshots.LoadAsync(Pid, CancellationToken.None));
    }

    [StoreFact]
    public async Task Stored_events_come_back_as_they_were_with_sequences_from_one()
    {
        AppendResult result = await AppendAsync(0, Event("alpha", 5), new NewEvent(uint.MaxValue, 255, default));

        Assert.Equal(new AppendResult(AppendStatus.Stored, 2), result);
        List<JournalEvent> events = await ReplayAsync();
        Assert.Equal([1, 2], events.Select(e => e.Sequence));
        Assert.Equal([5u, uint.MaxValue], events.Select(e => e.TypeId));
        Assert.Equal([1, 255], events.Select(e => e.Version));
        Assert.All(events, e => Assert.Equal(Clock.Now.UtcTicks, e.UtcTicks));
        Assert.Equal(["alpha", ""], events.Select(e => Text(e.Payload)));
    }

    [StoreFact]
    public async Task Everything_is_there_after_the_store_was_closed_and_opened()
    {
        long epoch = await Journal.AcquireEpochAsync(Pid, CancellationToken.None);
        await Journal.AppendAsync(Pid, 0, epoch, Events(700), CancellationToken.None);
        await Snapshots.SaveAsync(Pid, State(400), CancellationToken.None);
        await Journal.DeleteToAsync(Pid, 300, CancellationToken.None);

        await ReopenAsync();

        Assert.Equal(700, await Journal.HighestSequenceAsync(Pid, CancellationToken.None));
        Assert.Equal(Enumerable.Range(301, 400).Select(i => (long)i), (await ReplayAsync()).Select(e => e.Sequence));
        Assert.Equal(400, (await Snapshots.LoadAsync(Pid, CancellationToken.None))!.Sequence);
        Assert.Equal(epoch + 1, await Journal.AcquireEpochAsync(Pid, CancellationToken.None));
    }

    [StoreFact]
    public async Task Appends_of_one_writer_keep_their_order_when_they_are_not_awaited_one_by_one()
    {
        List<Task<AppendResult>> pending = [];
        for (int i = 0; i < 500; i++)
        {
            pending.Add(AppendAsync(i, Event($"{i}")).AsTask());
        }

        Assert.All(await Task.WhenAll(pending), r => Assert.True(r.IsStored));

        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}"), (await ReplayAsync()).Select(e => Text(e.Payload)));
    }

    [StoreFact]
    public async Task A_wrong_expected_sequence_is_a_conflict_that_stores_nothing_and_tells_the_highest()
    {
        await AppendAsync(0, Events(3));

        AppendResult below = await AppendAsync(2, Event("late"));
        AppendResult above = await AppendAsync(4, Event("early"));

        Assert.Equal((AppendStatus.Conflict, 3), (below.Status, below.HighestSequence));
        Assert.Equal((AppendStatus.Conflict, 3), (above.Status, above.HighestSequence));
        Assert.Equal(3, (await ReplayAsync()).Count);
    }

    [StoreFact]
    public async Task An_older_epoch_is_fenced_even_if_its_sequence_would_fit()
    {
        long old = await Journal.AcquireEpochAsync(Pid, CancellationToken.None);
        await Journal.AppendAsync(Pid, 0, old, Events(1), CancellationToken.None);
        long young = await Journal.AcquireEpochAsync(Pid, CancellationToken.None);

        AppendResult fenced = await Journal.AppendAsync(Pid, 1, old, Events(1), CancellationToken.None);
        AppendResult stored = await Journal.AppendAsync(Pid, 1, young, Events(1), CancellationToken.None);

        Assert.True(young > old);
        Assert.Equal((AppendStatus.Fenced, 1), (fenced.Status, fenced.HighestSequence));
        Assert.Equal(new AppendResult(AppendStatus.Stored, 2), stored);
    }

    [StoreFact]
    public async Task An_append_with_a_higher_epoch_raises_the_fence()
    {
        await Journal.AppendAsync(Pid, 0, 9, Events(1), CancellationToken.None);

        AppendResult old = await Journal.AppendAsync(Pid, 1, 8, Events(1), CancellationToken.None);
        long next = await Journal.AcquireEpochAsync(Pid, CancellationToken.None);

        Assert.Equal(AppendStatus.Fenced, old.Status);
        Assert.Equal(10, next);
    }

    [StoreFact]
    public async Task A_conflict_does_not_raise_the_fence()
    {
        await Journal.AppendAsync(Pid, 5, 9, Events(1), CancellationToken.None);

        Assert.Equal(1, await Journal.AcquireEpochAsync(Pid, CancellationToken.None));
    }

    [StoreFact]
    public async Task Epochs_of_different_ids_are_independent()
    {
        await Journal.AcquireEpochAsync("a", CancellationToken.None);
        await Journal.AcquireEpochAsync("a", CancellationToken.None);

        Assert.Equal(1, await Journal.AcquireEpochAsync("b", CancellationToken.None));
    }

    [StoreTheory]
    [InlineData(0, 10)]
    [InlineData(1, 10)]
    [InlineData(4, 7)]
    [InlineData(10, 1)]
    [InlineData(11, 0)]
    [InlineData(long.MaxValue, 0)]
    public async Task A_replay_begins_at_the_sequence_asked_for(long from, int count)
    {
        await AppendAsync(0, Events(10));

        List<JournalEvent> events = await ReplayAsync(from: from);

        Assert.Equal(count, events.Count);
        Assert.True(count == 0 || events[0].Sequence == Math.Max(1, from));
    }

    [StoreFact]
    public async Task A_long_replay_crosses_pages_without_loss()
    {
        for (int i = 0; i < 5; i++)
        {
            await AppendAsync(i * 1_000, Events(1_000, $"part {i}"));
        }

        List<JournalEvent> events = await ReplayAsync();

        Assert.Equal(Enumerable.Range(1, 5_000).Select(i => (long)i), events.Select(e => e.Sequence));
        Assert.Equal("part 4 999", Text(events[^1].Payload));
    }

    [StoreFact]
    public async Task A_replay_does_not_give_what_was_stored_after_it_began()
    {
        await AppendAsync(0, Events(3));
        await using IAsyncEnumerator<JournalEvent> replay =
            Journal.ReplayAsync(Pid, 1, CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await replay.MoveNextAsync());

        await AppendAsync(3, Events(3));

        int rest = 0;
        while (await replay.MoveNextAsync())
        {
            rest++;
        }

        Assert.Equal(2, rest);
    }

    [StoreFact]
    public async Task Deleting_removes_the_events_and_keeps_the_highest_sequence()
    {
        await AppendAsync(0, Events(10));

        await Journal.DeleteToAsync(Pid, 4, CancellationToken.None);
        Assert.Equal(5, (await ReplayAsync())[0].Sequence);
        await Journal.DeleteToAsync(Pid, long.MaxValue, CancellationToken.None);
        await Journal.DeleteToAsync(Pid, 2, CancellationToken.None);

        Assert.Empty(await ReplayAsync());
        Assert.Equal(10, await Journal.HighestSequenceAsync(Pid, CancellationToken.None));
        Assert.Equal(AppendStatus.Conflict, (await AppendAsync(0, Event("again"))).Status);
        Assert.Equal(new AppendResult(AppendStatus.Stored, 11), await AppendAsync(10, Event("next")));
        Assert.Equal(11, (await ReplayAsync()).Single().Sequence);
    }

    [StoreFact]
    public async Task Deleting_from_an_unknown_id_does_nothing()
    {
        await Journal.DeleteToAsync(Pid, 5, CancellationToken.None);

        Assert.Equal(0, await Journal.HighestSequenceAsync(Pid, CancellationToken.None));
        Assert.Equal(new AppendResult(AppendStatus.Stored, 1), await AppendAsync(0, Event("first")));
    }

    [StoreFact]
    public async Task The_largest_payload_is_stored_and_one_byte_more_is_rejected()
    {
        var largest = new NewEvent(1, 1, new byte[PayloadBytesMax]);
        var larger = new NewEvent(1, 1, new byte[PayloadBytesMax + 1]);

        AppendResult rejected = await AppendAsync(0, Event("small"), larger);
        AppendResult stored = await AppendAsync(0, largest);

        Assert.Equal(AppendStatus.Rejected, rejected.Status);
        Assert.Contains($"number 1 has {PayloadBytesMax + 1}", rejected.Reason);
        Assert.True(stored.IsStored);
        Assert.Equal(PayloadBytesMax, (await ReplayAsync()).Single().Payload.Length);
    }

    [StoreFact]
    public async Task Too_many_events_or_bytes_or_sequences_are_rejected_and_store_nothing()
    {
        var large = new NewEvent(1, 1, new byte[PayloadBytesMax]);

        AppendResult[] results =
        [
            await AppendAsync(0, Events(JournalLimits.EventsPerAppendMax + 1)),
            await AppendAsync(0, [.. Enumerable.Repeat(large, 17)]),
            await AppendAsync(JournalLimits.SequenceMax, Event("one too many")),
        ];

        Assert.All(results, r => Assert.Equal((AppendStatus.Rejected, -1), (r.Status, r.HighestSequence)));
        Assert.Equal(0, await Journal.HighestSequenceAsync(Pid, CancellationToken.None));
    }

    [StoreFact]
    public async Task Bad_arguments_are_the_callers_bug()
    {
        CancellationToken none = CancellationToken.None;

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await AppendAsync(0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await AppendAsync(-1, Event("x")));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await Journal.AppendAsync(Pid, 0, -1, Events(1), none));
        foreach (string bad in (string[])["", "with blank", "ümlaut", "tab\t", new string('a', 257)])
        {
            await Assert.ThrowsAsync<ArgumentException>(
                async () => await Journal.AppendAsync(bad, 0, 0, Events(1), none));
        }

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Snapshots.SaveAsync(
            Pid, new Snapshot(1, 1, 1, new byte[JournalLimits.SnapshotBytesMax + 1]), none));
    }

    [StoreFact]
    public async Task Ids_are_listed_by_prefix_in_order_if_they_ever_stored_an_event()
    {
        foreach (string id in (string[])["b/2", "a/1", "b/1", "b", "b~", "c/1", "B/1"])
        {
            await Journal.AppendAsync(id, 0, 0, Events(1), CancellationToken.None);
        }

        await Journal.AcquireEpochAsync("b/3", CancellationToken.None);
        await Snapshots.SaveAsync("b/4", State(1), CancellationToken.None);
        await Journal.DeleteToAsync("b/2", 1, CancellationToken.None);

        Assert.Equal(["b/1", "b/2"], await IdsAsync("b/"));
        Assert.Equal(["b", "b/1", "b/2", "b~"], await IdsAsync("b"));
        Assert.Equal(["B/1", "a/1", "b", "b/1", "b/2", "b~", "c/1"], await IdsAsync(""));
        Assert.Empty(await IdsAsync("d"));
    }

    [StoreFact]
    public async Task More_ids_than_a_page_are_all_listed()
    {
        string[] ids = [.. Enumerable.Range(0, 600).Select(i => $"many/{i:d4}")];
        await Task.WhenAll(ids.Select(
            id => Journal.AppendAsync(id, 0, 0, Events(1), CancellationToken.None).AsTask()));

        Assert.Equal(ids, await IdsAsync("many/"));
    }

    [StoreFact]
    public async Task Cancelled_calls_have_no_effect()
    {
        var cancelled = new CancellationToken(true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Journal.AppendAsync(Pid, 0, 0, Events(1), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Journal.AcquireEpochAsync(Pid, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Snapshots.SaveAsync(Pid, State(1), cancelled));

        Assert.Equal(0, await Journal.HighestSequenceAsync(Pid, CancellationToken.None));
        Assert.Equal(1, await Journal.AcquireEpochAsync(Pid, CancellationToken.None));
        Assert.Null(await Snapshots.LoadAsync(Pid, CancellationToken.None));
    }

    [StoreFact]
    public async Task Disposing_twice_is_fine_and_using_it_after_is_not()
    {
        await Journal.DisposeAsync();
        await Journal.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await AppendAsync(0, Event("late")));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ReplayAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await Journal.HighestSequenceAsync(Pid, CancellationToken.None));
        await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await Snapshots.LoadAsync(Pid, CancellationToken.None));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => IdsAsync(""));
    }

    [StoreFact]
    public async Task Appends_that_were_handed_over_before_closing_are_stored()
    {
        List<Task<AppendResult>> pending = [];
        for (int i = 0; i < 50; i++)
        {
            pending.Add(AppendAsync(i, Event($"{i}")).AsTask());
        }

        await ReopenAsync();

        Assert.All(await Task.WhenAll(pending), r => Assert.True(r.IsStored));
        Assert.Equal(50, (await ReplayAsync()).Count);
    }
}
