using System.Text;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Persistence.InMemory;
using SigmaComms.Persistence.Sealing;
using SigmaComms.Persistence.Sqlite;

namespace SigmaComms.Persistence.Tests.Sealing;

public sealed class SealedStoreSecrecyTests : IDisposable
{
    private const string Pid = "session/1";
    private const string Marker = "the-plaintext-marker-that-must-not-be-found";

    private readonly TemporaryFolder _folder = new();
    private readonly SeededRandom _random = new(5);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task No_plaintext_is_in_any_file_of_the_store(bool isSealed, bool isFound)
    {
        SqliteStoreOptions options = new() { Path = _folder.File("journal.db") };
        SqliteStore store = await SqliteStore.OpenAsync(options, CancellationToken.None);
        await using IJournal journal = isSealed ? Wrap(store, 1) : store;
        for (int i = 0; i < 20; i++)
        {
            await journal.AppendAsync(Pid, i, 0, [Event($"{Marker} {i}")], CancellationToken.None);
            await ((ISnapshotStore)journal).SaveAsync(
                Pid, new Snapshot(i, 1, 1, Encoding.Unicode.GetBytes(Marker)), CancellationToken.None);
        }

        await journal.DeleteToAsync(Pid, 10, CancellationToken.None);
        bool wasOpen = Scan();
        await journal.DisposeAsync();

        Assert.Equal((isFound, isFound), (wasOpen, Scan()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(30)]
    [InlineData(-1)]
    public async Task A_changed_payload_ends_the_replay(int index)
    {
        var store = new InMemoryStore(TimeProvider.System);
        await Wrap(store, 1).AppendAsync(Pid, 0, 0, [Event("one"), Event("two two two two two")], default);
        List<JournalEvent> stored = await ReplayAsync(store, Pid);
        byte[] changed = stored[1].Payload.ToArray();
        changed[index < 0 ? changed.Length - 1 : index] ^= 4;
        var other = new InMemoryStore(TimeProvider.System);
        await other.AppendAsync(
            Pid, 0, 0, [new NewEvent(1, 1, stored[0].Payload), new NewEvent(1, 1, changed)], default);

        JournalException end = await Assert.ThrowsAsync<JournalException>(
            async () => await ReplayAsync(Wrap(other, 1), Pid));

        Assert.Equal(JournalFailure.Corrupt, end.Reason);
        Assert.Contains("Number 2", end.Message);
    }

    [Theory]
    [InlineData("swapped")]
    [InlineData("other id")]
    [InlineData("other type")]
    [InlineData("other version")]
    [InlineData("cut")]
    [InlineData("empty")]
    public async Task A_payload_opens_only_where_it_was_written(string change)
    {
        var store = new InMemoryStore(TimeProvider.System);
        await Wrap(store, 1).AppendAsync(Pid, 0, 0, [Event("same"), Event("same")], default);
        List<JournalEvent> stored = await ReplayAsync(store, Pid);
        (NewEvent moved, string pid) = change switch
        {
            "swapped" => (new NewEvent(1, 1, stored[1].Payload), Pid),
            "other id" => (new NewEvent(1, 1, stored[0].Payload), "session/2"),
            "other type" => (new NewEvent(2, 1, stored[0].Payload), Pid),
            "other version" => (new NewEvent(1, 2, stored[0].Payload), Pid),
            "cut" => (new NewEvent(1, 1, stored[0].Payload[..^1]), Pid),
            _ => (new NewEvent(1, 1, default), Pid),
        };
        var other = new InMemoryStore(TimeProvider.System);
        await other.AppendAsync(pid, 0, 0, [moved], default);

        JournalException end = await Assert.ThrowsAsync<JournalException>(
            async () => await ReplayAsync(Wrap(other, 1), pid));

        Assert.Equal(JournalFailure.Corrupt, end.Reason);
    }

    [Fact]
    public async Task Another_storage_key_opens_neither_events_nor_snapshots()
    {
        var store = new InMemoryStore(TimeProvider.System);
        await Wrap(store, 1).AppendAsync(Pid, 0, 0, [Event("mine")], default);
        await Wrap(store, 1).SaveAsync(Pid, new Snapshot(1, 1, 1, "mine"u8.ToArray()), default);

        SealedStore stranger = Wrap(store, 2);

        await Assert.ThrowsAsync<JournalException>(async () => await ReplayAsync(stranger, Pid));
        JournalException end = await Assert.ThrowsAsync<JournalException>(
            async () => await stranger.LoadAsync(Pid, CancellationToken.None));
        Assert.Contains("the owner of another key wrote it", end.Message);
    }

    [Fact]
    public async Task A_snapshot_that_was_changed_with_its_checksum_is_refused_and_the_older_one_still_opens()
    {
        var store = new InMemoryStore(TimeProvider.System);
        SealedStore journal = Wrap(store, 1);
        await journal.SaveAsync(Pid, new Snapshot(1, 1, 1, "older"u8.ToArray()), default);
        await journal.SaveAsync(Pid, new Snapshot(2, 1, 1, "newer"u8.ToArray()), default);
        await store.SaveAsync(Pid, new Snapshot(2, 1, 1, new byte[SealedStore.OverheadBytes + 5]), default);

        JournalException end = await Assert.ThrowsAsync<JournalException>(
            async () => await journal.LoadAsync(Pid, CancellationToken.None));
        Snapshot? older = await journal.LoadOlderAsync(Pid, CancellationToken.None);

        Assert.Equal(JournalFailure.Corrupt, end.Reason);
        Assert.Equal("older"u8.ToArray(), older!.Payload.ToArray());
    }

    [Fact]
    public async Task The_same_payload_is_sealed_differently_each_time()
    {
        var store = new InMemoryStore(TimeProvider.System);
        SealedStore journal = Wrap(store, 1);
        for (int i = 0; i < 100; i++)
        {
            await journal.AppendAsync(Pid, i, 0, [Event("same")], CancellationToken.None);
        }

        List<JournalEvent> stored = await ReplayAsync(store, Pid);

        Assert.Equal(100, stored.Select(e => Convert.ToHexString(e.Payload.Span[..12])).Distinct().Count());
        Assert.All(stored, e => Assert.Equal(4 + SealedStore.OverheadBytes, e.Payload.Length));
    }

    [Fact]
    public async Task A_marked_store_opens_again_with_its_key_and_with_no_other()
    {
        var store = new InMemoryStore(TimeProvider.System);
        await (await OpenMarkedAsync(store, 1)).AppendAsync(Pid, 0, 0, [Event("mine")], CancellationToken.None);

        SealedStore again = await OpenMarkedAsync(store, 1);
        JournalException end = await Assert.ThrowsAsync<JournalException>(async () => await OpenMarkedAsync(store, 2));

        Assert.Single(await ReplayAsync(again, Pid));
        Assert.Equal(JournalFailure.Refused, end.Reason);
        Assert.Contains("sealed with another key", end.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_store_that_was_used_without_sealing_is_refused_and_left_as_it_is(bool hasEvents)
    {
        var store = new InMemoryStore(TimeProvider.System);
        if (hasEvents)
        {
            await store.AppendAsync("plain", 0, 0, [Event("plain")], CancellationToken.None);
        }
        else
        {
            await store.SaveAsync("known", new Snapshot(1, 1, 1, default), CancellationToken.None);
        }

        JournalException end = await Assert.ThrowsAsync<JournalException>(async () => await OpenMarkedAsync(store, 1));

        Assert.Equal(JournalFailure.WrongFormat, end.Reason);
        Assert.Contains("did not seal it", end.Message);
        Assert.Null(await store.LoadAsync("sealed-store", CancellationToken.None));
    }

    private static NewEvent Event(string text) => new(1, 1, Encoding.UTF8.GetBytes(text));

    private static async Task<List<JournalEvent>> ReplayAsync(IJournal journal, string persistenceId)
    {
        List<JournalEvent> all = [];
        await foreach (JournalEvent e in journal.ReplayAsync(persistenceId, 1, CancellationToken.None))
        {
            all.Add(e);
        }

        return all;
    }

    private SealedStore Wrap<T>(T store, ulong keySeed)
        where T : IJournal, ISnapshotStore => new(store, store, new SeededRandom(keySeed).Bytes(32), _random);

    private ValueTask<SealedStore> OpenMarkedAsync(InMemoryStore store, ulong keySeed) => SealedStore.OpenMarkedAsync(
        store, store, new SeededRandom(keySeed).Bytes(32), _random, ["known"], CancellationToken.None);

    /// <summary>Whether the marker is in any file, the log too, in UTF-8 or UTF-16.</summary>
    private bool Scan()
    {
        string[] files = [.. Directory.GetFiles(_folder.Path).Except([_folder.File("journal.db.lock")])];
        Assert.Contains(_folder.File("journal.db"), files);
        return files.Any(file =>
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            byte[] content = new byte[(int)stream.Length];
            stream.ReadExactly(content);
            return content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Marker)) >= 0
                || content.AsSpan().IndexOf(Encoding.Unicode.GetBytes(Marker)) >= 0;
        });
    }
}
