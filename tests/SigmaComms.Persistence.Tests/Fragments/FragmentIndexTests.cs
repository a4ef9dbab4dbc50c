using SigmaComms.Cryptography;
using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Persistence.Tests.Fragments;

/// <summary>What every index of fragments does.</summary>
public sealed class FragmentIndexTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sigma-index-");
    private readonly InMemoryFragmentIndex _memory = new();
    private readonly List<IFragmentIndex> _opened = [];

    public static TheoryData<string> Kinds => ["memory", "sqlite"];

    private string FilePath => Path.Combine(_folder.FullName, "index.db");

    public void Dispose()
    {
        _opened.ForEach(index => index.Dispose());
        _folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_was_entered_is_found_whole_also_after_it_was_closed(string kind)
    {
        FragmentRow row = Row(1, offset: 4_096);

        using (IFragmentIndex index = Open(kind))
        {
            index.SetVolume(new IndexedVolume(1, Id(200), IsFilled: true));
            Assert.Equal([new FragmentOutcome(FragmentInsert.Entered)], index.Commit([row], []));
        }

        IFragmentIndex again = Open(kind);
        AssertSame(row, again.Find(row.Id));
        Assert.Null(again.Find(Id(9)));
        Assert.Equal([new IndexedVolume(1, Id(200), true)], again.Volumes());
        Assert.Equal(new FragmentTotals(1, 0, 0, row.Sequence), again.Totals());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_same_label_again_changes_nothing_and_another_is_a_conflict(string kind)
    {
        IFragmentIndex index = Open(kind);
        FragmentRow row = Row(1, offset: 4_096);
        FragmentRow same = row with { Place = new FragmentPlace(1, 40_960, 8_192), Sequence = 9 };
        FragmentRow other = row with { Label = new byte[] { 7 } };

        FragmentInsert[] outcomes = [.. index.Commit([row, same, other], []).Select(outcome => outcome.Insert)];

        Assert.Equal([FragmentInsert.Entered, FragmentInsert.Present, FragmentInsert.Conflict], outcomes);
        AssertSame(row, index.Find(row.Id));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_removed_fragment_is_gone_at_once_and_its_slot_remembered_until_it_is_erased(string kind)
    {
        IFragmentIndex index = Open(kind);
        FragmentRow row = Row(1, offset: 4_096);
        index.Commit([row], []);

        IReadOnlyList<FragmentRow?> removed = index.Remove([Id(9), row.Id]);
        IReadOnlyList<FragmentPlace> places = index.PlacesOf(1);
        IReadOnlyList<FragmentPlace> unerased = index.Unerased();
        index.Commit([], [row.Place]);

        Assert.Null(removed[0]);
        AssertSame(row, removed[1]);
        Assert.Null(index.Find(row.Id));
        Assert.Equal([row.Place], places);
        Assert.Equal([row.Place], unerased);
        Assert.Empty(index.Unerased());
        Assert.Empty(index.PlacesOf(1));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_quarantined_fragment_is_replaced_by_its_like_and_its_old_slot_is_to_be_erased(string kind)
    {
        IFragmentIndex index = Open(kind);
        FragmentRow row = Row(1, offset: 4_096);
        FragmentRow next = row with { Place = new FragmentPlace(2, 8_192, 8_192), Sequence = 9 };
        index.Commit([row], []);

        bool elsewhere = index.Quarantine(row.Id, next.Place);
        bool here = index.Quarantine(row.Id, row.Place);
        bool again = index.Quarantine(row.Id, row.Place);
        FragmentTotals between = index.Totals();
        IReadOnlyList<FragmentOutcome> outcome = index.Commit([next], []);

        Assert.Equal((false, true, false), (elsewhere, here, again));
        Assert.Equal((0L, 1L), (between.Live, between.Quarantined));
        Assert.Equal([new FragmentOutcome(FragmentInsert.Replaced, row.Place)], outcome);
        AssertSame(next, index.Find(row.Id));
        Assert.Equal([row.Place], index.Unerased());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fragments_of_a_volume_that_is_gone_are_lost_and_live_again_when_it_is_back(string kind)
    {
        IFragmentIndex index = Open(kind);
        FragmentRow first = Row(1, offset: 4_096);
        FragmentRow second = Row(2, offset: 4_096, volume: 2);
        FragmentRow dropped = Row(3, offset: 40_960);
        index.Commit([first, second, dropped], []);
        index.Remove([dropped.Id]);

        index.SetGone(1, isGone: true);
        FragmentState[] gone = [index.Find(first.Id)!.State, index.Find(second.Id)!.State];
        FragmentTotals totals = index.Totals();
        IReadOnlyList<FragmentPlace> places = index.PlacesOf(1);
        index.SetGone(1, isGone: false);

        Assert.Equal([FragmentState.Lost, FragmentState.Live], gone);
        Assert.Equal((1L, 1L), (totals.Live, totals.Lost));
        Assert.Empty(places);
        Assert.Empty(index.Unerased());
        Assert.Equal(FragmentState.Live, index.Find(first.Id)!.State);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_lost_fragment_that_comes_again_leaves_nothing_to_erase(string kind)
    {
        IFragmentIndex index = Open(kind);
        FragmentRow row = Row(1, offset: 4_096);
        index.Commit([row], []);
        index.SetGone(1, isGone: true);

        IReadOnlyList<FragmentOutcome> outcome =
            index.Commit([row with { Place = new FragmentPlace(2, 4_096, 8_192) }], []);

        Assert.Equal([new FragmentOutcome(FragmentInsert.Restored)], outcome);
        Assert.Empty(index.Unerased());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_was_on_a_volume_that_another_one_replaced_stays_lost_until_it_comes_again(string kind)
    {
        FragmentRow live = Row(1, offset: 4_096);
        FragmentRow damaged = Row(2, offset: 40_960);
        FragmentRow dropped = Row(3, offset: 81_920);
        IndexedVolume other = new(1, Id(201), IsFilled: false, ScanAt: 4_096);
        using (IFragmentIndex index = Open(kind))
        {
            index.SetVolume(new IndexedVolume(1, Id(200), IsFilled: true));
            index.Commit([live, damaged, dropped], []);
            index.Quarantine(damaged.Id, damaged.Place);
            index.Remove([dropped.Id]);

            index.ReplaceVolume(other);
            index.SetGone(1, isGone: false);
        }

        IFragmentIndex again = Open(kind);
        Assert.Equal([other], again.Volumes());
        Assert.Equal(FragmentState.Lost, again.Find(live.Id)!.State);
        Assert.Equal(FragmentState.Lost, again.Find(damaged.Id)!.State);
        Assert.Equal((0, 0, 2), (again.Totals().Live, again.Totals().Quarantined, again.Totals().Lost));
        Assert.Empty(again.PlacesOf(1));
        Assert.Empty(again.Unerased());
        again.Commit([live with { Place = new FragmentPlace(1, 8_192, 4_096) }], []);
        again.SetGone(1, isGone: true);
        again.SetGone(1, isGone: false);
        Assert.Equal(FragmentState.Live, again.Find(live.Id)!.State);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_found_in_a_volume_is_adopted_where_it_is_better_than_what_is_known(string kind)
    {
        FragmentRow known = Row(1, offset: 4_096);
        FragmentRow rotten = Row(2, offset: 8_192);
        FragmentRow lost = Row(3, offset: 4_096, volume: 3);
        FragmentPlace[] places = [.. Enumerable.Range(1, 6).Select(i => new FragmentPlace(2, 4_096L * i, 4_096))];
        IndexedVolume volume = new(2, Id(202), IsFilled: false, ScanAt: 77_824);
        IFragmentIndex index = Open(kind);
        index.Commit([known, rotten, lost], []);
        index.Quarantine(rotten.Id, rotten.Place);
        index.SetGone(3, isGone: true);

        IReadOnlyList<bool> entered = index.Adopt(
            [
                known with { Place = places[0], Sequence = known.Sequence - 1 },
                known with { Place = places[1], Sequence = known.Sequence + 1, State = FragmentState.Quarantined },
                known with { Place = places[2], Sequence = known.Sequence + 1 },
                rotten with { Place = places[3], Sequence = 1 },
                lost with { Place = places[4], Sequence = 1, State = FragmentState.Quarantined },
                Row(4, offset: 0) with { Place = places[5] },
            ],
            volume);
        IReadOnlyList<bool> again = index.Adopt([known with { Place = places[2] }], volume with { ScanAt = null });

        Assert.Equal([false, false, true, true, true, true], entered);
        Assert.Equal([false], again);
        Assert.Equal([volume with { ScanAt = null }], index.Volumes());
        Assert.Equal(places[2], index.Find(known.Id)!.Place);
        Assert.Equal((places[3], FragmentState.Live), (index.Find(rotten.Id)!.Place, index.Find(rotten.Id)!.State));
        Assert.Equal(FragmentState.Quarantined, index.Find(lost.Id)!.State);
        Assert.Equal(
            [known.Place, rotten.Place, places[0], places[1]],
            index.Unerased().OrderBy(place => (place.Volume, place.Offset)));
        Assert.Equal((3, 1, 0), (index.Totals().Live, index.Totals().Quarantined, index.Totals().Lost));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Pages_go_on_after_the_last_one_in_order(string kind)
    {
        IFragmentIndex index = Open(kind);
        FragmentRow[] rows = [.. Enumerable.Range(1, 10).Select(i => Row((byte)i, offset: 4_096L * i))];
        index.Commit(rows, []);

        Assert.Equal([.. rows.Take(4).Select(row => row.Id)], index.Page(null, 4).Select(row => row.Id));
        Assert.Equal([.. rows.Skip(4).Select(row => row.Id)], index.Page(rows[3].Id, 100).Select(row => row.Id));
        Assert.Empty(index.Page(rows[9].Id, 4));

        // Odd fragments belong to one vault; their stripes go down as the ids go up.
        FragmentRow[] odd = [.. rows.Where((_, i) => i % 2 == 0).Reverse()];
        StripePosition position = new(odd[1].Stripe, odd[1].Id);
        Assert.Equal([.. odd.Take(2).Select(row => row.Id)], index.PageOfVault(Id(101), null, 2).Select(r => r.Id));
        Assert.Equal(
            [.. odd.Skip(2).Select(row => row.Id)], index.PageOfVault(Id(101), position, 9).Select(r => r.Id));
        Assert.Empty(index.PageOfVault(Id(77), null, 9));
    }

    [Fact]
    public void A_file_of_another_program_is_refused_and_left_alone()
    {
        byte[] garbage = new byte[5_000];
        Random.Shared.NextBytes(garbage);
        File.WriteAllBytes(FilePath, garbage);

        JournalException refused = Assert.Throws<JournalException>(() => SqliteFragmentIndex.Open(FilePath));

        Assert.Equal(JournalFailure.Corrupt, refused.Reason);
        Assert.Equal(garbage, File.ReadAllBytes(FilePath));
    }

    private static void AssertSame(FragmentRow expected, FragmentRow? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(
            (expected.Id, expected.Vault, expected.Place, expected.Sequence, expected.State, expected.StoredAt),
            (actual.Id, actual.Vault, actual.Place, actual.Sequence, actual.State, actual.StoredAt));
        Assert.Equal(expected.Stripe.ToArray(), actual.Stripe.ToArray());
        Assert.Equal(expected.Label.ToArray(), actual.Label.ToArray());
    }

    private static Digest Id(byte number)
    {
        byte[] bytes = new byte[Digest.SizeBytes];
        bytes[0] = number;
        return new Digest(bytes);
    }

    private static FragmentRow Row(byte number, long offset, int volume = 1)
    {
        byte[] stripe = new byte[FragmentRow.StripeIdSize];
        stripe[0] = (byte)(100 - number);
        return new FragmentRow(
            Id(number), Id((byte)(100 + (number % 2))), stripe, new FragmentPlace(volume, offset, 4_096),
            number + 1_000L, FragmentState.Live, DateTimeOffset.UnixEpoch.AddSeconds(number), new byte[] { number, 2 });
    }

    private IFragmentIndex Open(string kind)
    {
        IFragmentIndex index = kind == "memory" ? _memory : SqliteFragmentIndex.Open(FilePath);
        _opened.Add(index);
        return index;
    }
}
