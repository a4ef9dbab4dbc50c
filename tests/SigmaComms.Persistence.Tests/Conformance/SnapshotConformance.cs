using System.Text;

namespace SigmaComms.Persistence.Tests.Conformance;

/// <summary>What every store must do with snapshots.</summary>
public abstract class SnapshotConformance : IAsyncLifetime
{
    protected const string Pid = "test/one";

    protected StandingClock Clock { get; } = new();

    protected IJournal Journal { get; private set; } = null!;

    protected ISnapshotStore Snapshots => (ISnapshotStore)Journal;

    /// <summary>Largest payload of an event that the store takes.</summary>
    protected virtual int PayloadBytesMax => JournalLimits.PayloadBytesMax;

    /// <summary>Largest snapshot that the store takes.</summary>
    protected virtual int SnapshotBytesMax => JournalLimits.SnapshotBytesMax;

    public async Task InitializeAsync() => Journal = await OpenAsync();

    public async Task DisposeAsync() => await Journal.DisposeAsync();

    /// <summary>Opens the store, or opens it again with what it had.</summary>
    protected abstract ValueTask<IJournal> OpenAsync();

    /// <summary>Flips a bit in a stored snapshot behind the store's back. The store is closed.</summary>
    protected abstract void DamageSnapshot(string persistenceId, long sequence);

    protected static NewEvent Event(string text, uint typeId = 7) => new(typeId, 1, Encoding.UTF8.GetBytes(text));

    protected static NewEvent[] Events(int count, string text = "event") =>
        [.. Enumerable.Range(0, count).Select(i => Event($"{text} {i}"))];

    protected static string Text(ReadOnlyMemory<byte> payload) => Encoding.UTF8.GetString(payload.Span);

    protected static Snapshot State(long sequence) => new(sequence, 3, 2, Encoding.UTF8.GetBytes($"state {sequence}"));

    protected async Task ReopenAsync()
    {
        await Journal.DisposeAsync();
        Journal = await OpenAsync();
    }

    protected async Task<List<JournalEvent>> ReplayAsync(string persistenceId = Pid, long from = 1)
    {
        List<JournalEvent> all = [];
        await foreach (JournalEvent e in Journal.ReplayAsync(persistenceId, from, CancellationToken.None))
        {
            all.Add(e);
        }

        return all;
    }

    protected async Task<List<string>> IdsAsync(string prefix)
    {
        List<string> all = [];
        await foreach (string id in Journal.PersistenceIdsAsync(prefix, CancellationToken.None))
        {
            all.Add(id);
        }

        return all;
    }

    [StoreFact]
    public async Task The_newest_snapshot_is_loaded_and_two_are_kept()
    {
        foreach (long sequence in (long[])[10, 30, 20])
        {
            await Snapshots.SaveAsync(Pid, State(sequence), CancellationToken.None);
        }

        Snapshot? newest = await Snapshots.LoadAsync(Pid, CancellationToken.None);

        Assert.Equal((30L, 3u, (byte)2), (newest!.Sequence, newest.TypeId, newest.Version));
        Assert.Equal("state 30", Text(newest.Payload));
    }

    [StoreFact]
    public async Task The_older_of_two_snapshots_is_there_for_who_asks_for_it()
    {
        Snapshot? none = await Snapshots.LoadOlderAsync(Pid, CancellationToken.None);
        await Snapshots.SaveAsync(Pid, State(10), CancellationToken.None);
        Snapshot? ofOne = await Snapshots.LoadOlderAsync(Pid, CancellationToken.None);
        await Snapshots.SaveAsync(Pid, State(20), CancellationToken.None);
        await Snapshots.SaveAsync(Pid, State(30), CancellationToken.None);

        Snapshot? ofTwo = await Snapshots.LoadOlderAsync(Pid, CancellationToken.None);

        Assert.Equal((null, null, 20), (none, ofOne, ofTwo?.Sequence));
        Assert.Equal("state 20", Text(ofTwo!.Payload));
    }

    [StoreFact]
    public async Task A_damaged_snapshot_gives_way_to_the_older_and_then_to_none()
    {
        foreach (long sequence in (long[])[10, 20, 30])
        {
            await Snapshots.SaveAsync(Pid, State(sequence), CancellationToken.None);
        }

        await Journal.DisposeAsync();
        DamageSnapshot(Pid, 30);
        await ReopenAsync();
        Assert.Equal(20, (await Snapshots.LoadAsync(Pid, CancellationToken.None))!.Sequence);
        await Journal.DisposeAsync();
        DamageSnapshot(Pid, 20);
        await ReopenAsync();

        Assert.Null(await Snapshots.LoadAsync(Pid, CancellationToken.None));
    }

    [StoreFact]
    public async Task A_snapshot_of_the_same_sequence_is_replaced()
    {
        await Snapshots.SaveAsync(Pid, State(5), CancellationToken.None);
        await Snapshots.SaveAsync(Pid, State(5) with { TypeId = 9, Payload = default }, CancellationToken.None);

        Snapshot? newest = await Snapshots.LoadAsync(Pid, CancellationToken.None);

        Assert.Equal((9u, 0), (newest!.TypeId, newest.Payload.Length));
    }

    [StoreFact]
    public async Task Deleting_snapshots_deletes_those_of_one_id_only()
    {
        await Snapshots.SaveAsync(Pid, State(5), CancellationToken.None);
        await Snapshots.SaveAsync("other", State(6), CancellationToken.None);

        await Snapshots.DeleteAllAsync(Pid, CancellationToken.None);
        await Snapshots.DeleteAllAsync("unknown", CancellationToken.None);

        Assert.Null(await Snapshots.LoadAsync(Pid, CancellationToken.None));
        Assert.Equal(6, (await Snapshots.LoadAsync("other", CancellationToken.None))!.Sequence);
    }

    [StoreFact]
    public async Task A_snapshot_comes_back_with_every_field_as_it_was_after_closing_and_opening_too()
    {
        byte[] payload = [.. Enumerable.Range(0, 1_000).Select(i => (byte)(i % 251))];
        await SaveAsync(Pid, new Snapshot(JournalLimits.SequenceMax, uint.MaxValue, 255, payload));

        Snapshot before = (await LoadAsync(Pid))!;
        await ReopenAsync();
        Snapshot after = (await LoadAsync(Pid))!;

        Assert.All((Snapshot[])[before, after], found =>
        {
            Assert.Equal(
                (JournalLimits.SequenceMax, uint.MaxValue, (byte)255), (found.Sequence, found.TypeId, found.Version));
            Assert.Equal(payload, found.Payload.ToArray());
        });
    }

    [StoreFact]
    public async Task A_state_of_no_events_and_no_bytes_is_a_snapshot_too()
    {
        await SaveAsync(Pid, new Snapshot(0, 0, 0, default));

        Snapshot? found = await LoadAsync(Pid);

        Assert.Equal((0L, 0u, (byte)0, 0), (found!.Sequence, found.TypeId, found.Version, found.Payload.Length));
    }

    [StoreFact]
    public async Task The_largest_snapshot_is_stored_and_one_byte_more_is_the_callers_bug()
    {
        byte[] payload = new byte[SnapshotBytesMax + 1];
        new Random(5).NextBytes(payload);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => SaveAsync(Pid, new Snapshot(2, 1, 1, payload)));

        await SaveAsync(Pid, new Snapshot(1, 1, 1, payload.AsMemory(1)));

        Snapshot found = (await LoadAsync(Pid))!;
        Assert.True(found.Payload.Span.SequenceEqual(payload.AsSpan(1)));
        Assert.Equal(1, found.Sequence);
    }

    [StoreFact]
    public async Task A_sequence_that_no_event_can_have_is_the_callers_bug()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => SaveAsync(Pid, State(-1)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => SaveAsync(Pid, State(JournalLimits.SequenceMax + 1)));

        Assert.Null(await LoadAsync(Pid));
    }

    [StoreFact]
    public async Task One_older_than_the_two_that_are_kept_is_not_there_even_when_both_are_damaged()
    {
        foreach (long sequence in (long[])[20, 30, 10])
        {
            await SaveAsync(Pid, State(sequence));
        }

        await Journal.DisposeAsync();
        DamageSnapshot(Pid, 30);
        DamageSnapshot(Pid, 20);
        await ReopenAsync();

        Assert.Null(await LoadAsync(Pid));
    }

    [StoreFact]
    public async Task One_saved_anew_after_damage_is_whole_again()
    {
        await SaveAsync(Pid, State(10));
        await SaveAsync(Pid, State(20));
        await Journal.DisposeAsync();
        DamageSnapshot(Pid, 20);
        await ReopenAsync();

        await SaveAsync(Pid, State(20));

        Assert.Equal("state 20", Text((await LoadAsync(Pid))!.Payload));
    }

    [StoreFact]
    public async Task Snapshots_and_events_of_one_id_do_not_touch_each_other()
    {
        await Journal.AppendAsync(Pid, 0, 1, Events(5), CancellationToken.None);
        await SaveAsync(Pid, State(3));
        await SaveAsync("other", State(9));

        await Journal.DeleteToAsync(Pid, 5, CancellationToken.None);
        Snapshot? afterEvents = await LoadAsync(Pid);
        await Snapshots.DeleteAllAsync(Pid, CancellationToken.None);

        Assert.Equal(3, afterEvents!.Sequence);
        Assert.Equal(5, await Journal.HighestSequenceAsync(Pid, CancellationToken.None));
        Assert.Equal(0, await Journal.HighestSequenceAsync("other", CancellationToken.None));
        Assert.Equal([Pid], await IdsAsync(""));
    }

    [StoreFact]
    public async Task Ids_that_begin_alike_or_differ_in_case_share_nothing()
    {
        string[] ids = ["a", "a/", "a/1", "A", new string('a', JournalLimits.PersistenceIdLengthMax)];
        for (int i = 0; i < ids.Length; i++)
        {
            await SaveAsync(ids[i], State(i));
        }

        await Snapshots.DeleteAllAsync("a", CancellationToken.None);

        Assert.Null(await LoadAsync("a"));
        for (int i = 1; i < ids.Length; i++)
        {
            Assert.Equal(i, (await LoadAsync(ids[i]))!.Sequence);
        }
    }

    [StoreFact]
    public async Task After_all_were_deleted_one_of_a_lower_sequence_is_the_newest()
    {
        await SaveAsync(Pid, State(30));
        await Snapshots.DeleteAllAsync(Pid, CancellationToken.None);

        await SaveAsync(Pid, State(2));

        Assert.Equal(2, (await LoadAsync(Pid))!.Sequence);
    }

    [StoreFact]
    public async Task Saved_at_the_same_time_the_two_highest_are_kept()
    {
        await Task.WhenAll(Enumerable.Range(1, 20).Select(i => SaveAsync(Pid, State(i))));

        long newest = (await LoadAsync(Pid))!.Sequence;
        await Journal.DisposeAsync();
        DamageSnapshot(Pid, 20);
        await ReopenAsync();

        Assert.Equal(20, newest);
        Assert.Equal(19, (await LoadAsync(Pid))!.Sequence);
    }

    private Task SaveAsync(string persistenceId, Snapshot snapshot) =>
        Snapshots.SaveAsync(persistenceId, snapshot, CancellationToken.None).AsTask();

    private Task<Snapshot?> LoadAsync(string persistenceId) =>
        Snapshots.LoadAsync(persistenceId, CancellationToken.None).AsTask();
}
