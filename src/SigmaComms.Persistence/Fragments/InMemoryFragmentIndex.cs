using SigmaComms.Cryptography;

namespace SigmaComms.Persistence.Fragments;

/// <summary>An index in memory, for simulations and tests; it lives as long as the object, closed or not.</summary>
public sealed class InMemoryFragmentIndex : IFragmentIndex
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, IndexedVolume> _volumes = [];
    private readonly SortedDictionary<Digest, FragmentRow> _rows = [];
    private readonly List<FragmentPlace> _unerased = [];
    private readonly HashSet<Digest> _lostForGood = [];

    /// <inheritdoc/>
    public IReadOnlyList<IndexedVolume> Volumes()
    {
        lock (_gate)
        {
            return [.. _volumes.Values];
        }
    }

    /// <inheritdoc/>
    public void SetVolume(IndexedVolume volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        lock (_gate)
        {
            _volumes[volume.Number] = volume;
        }
    }

    /// <inheritdoc/>
    public void SetGone(int volume, bool isGone)
    {
        (FragmentState from, FragmentState to) =
            isGone ? (FragmentState.Live, FragmentState.Lost) : (FragmentState.Lost, FragmentState.Live);
        lock (_gate)
        {
            FragmentRow[] changed =
                [.. _rows.Values.Where(row => row.Place.Volume == volume
                    && row.State == from && !_lostForGood.Contains(row.Id))];
            foreach (FragmentRow row in changed)
            {
                _rows[row.Id] = row with { State = to };
            }

            if (isGone)
            {
                _unerased.RemoveAll(place => place.Volume == volume);
            }
        }
    }

    /// <inheritdoc/>
    public void ReplaceVolume(IndexedVolume volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        lock (_gate)
        {
            foreach (FragmentRow row in _rows.Values.Where(row => row.Place.Volume == volume.Number).ToArray())
            {
                _rows[row.Id] = row with { State = FragmentState.Lost };
                _lostForGood.Add(row.Id);
            }

            _unerased.RemoveAll(place => place.Volume == volume.Number);
            _volumes[volume.Number] = volume;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<bool> Adopt(IReadOnlyList<FragmentRow> found, IndexedVolume volume)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(volume);
        lock (_gate)
        {
            _volumes[volume.Number] = volume;
            return [.. found.Select(Adopt)];
        }
    }

    /// <inheritdoc/>
    public FragmentRow? Find(Digest id)
    {
        lock (_gate)
        {
            return _rows.GetValueOrDefault(id);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<FragmentOutcome> Commit(
        IReadOnlyList<FragmentRow> rows, IReadOnlyList<FragmentPlace> erased)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(erased);
        lock (_gate)
        {
            _unerased.RemoveAll(erased.Contains);
            return [.. rows.Select(Enter)];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<FragmentRow?> Remove(IReadOnlyList<Digest> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        lock (_gate)
        {
            List<FragmentRow?> removed = [];
            foreach (Digest id in ids)
            {
                _rows.Remove(id, out FragmentRow? row);
                _lostForGood.Remove(id);
                removed.Add(row);
                AddUnerased(row);
            }

            return removed;
        }
    }

    /// <inheritdoc/>
    public bool Quarantine(Digest id, FragmentPlace place)
    {
        lock (_gate)
        {
            if (_rows.GetValueOrDefault(id) is not { State: FragmentState.Live } row || row.Place != place)
            {
                return false;
            }

            _rows[id] = row with { State = FragmentState.Quarantined };
            return true;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<FragmentPlace> Unerased()
    {
        lock (_gate)
        {
            return [.. _unerased];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<FragmentPlace> PlacesOf(int volume)
    {
        lock (_gate)
        {
            return
            [
                .. _rows.Values.Where(row => row.State != FragmentState.Lost).Select(row => row.Place)
                    .Concat(_unerased)
                    .Where(place => place.Volume == volume).OrderBy(place => place.Offset),
            ];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<FragmentRow> Page(Digest? after, int countMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(countMax, 1);
        lock (_gate)
        {
            return [.. _rows.Values.Where(row => after is not { } last || row.Id > last).Take(countMax)];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<FragmentRow> PageOfVault(Digest vault, StripePosition? after, int countMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(countMax, 1);
        lock (_gate)
        {
            FragmentRow[] rows = [.. _rows.Values.Where(row => row.Vault == vault)];
            Array.Sort(rows, static (a, b) => Compare(new StripePosition(a.Stripe, a.Id), b));
            return [.. rows.Where(row => after is not { } last || Compare(last, row) < 0).Take(countMax)];
        }
    }

    /// <inheritdoc/>
    public FragmentTotals Totals()
    {
        lock (_gate)
        {
            long Count(FragmentState state) => _rows.Values.LongCount(row => row.State == state);
            return new FragmentTotals(
                Count(FragmentState.Live), Count(FragmentState.Quarantined), Count(FragmentState.Lost),
                _rows.Values.Select(row => row.Sequence).DefaultIfEmpty().Max());
        }
    }

    /// <summary>Does nothing: whoever opens it next finds what is there.</summary>
    public void Dispose()
    {
    }

    private static int Compare(StripePosition position, FragmentRow row)
    {
        int order = position.Stripe.Span.SequenceCompareTo(row.Stripe.Span);
        return order != 0 ? order : position.Id.CompareTo(row.Id);
    }

    private FragmentOutcome Enter(FragmentRow row)
    {
        FragmentOutcome entered = new(FragmentInsert.Entered);
        if (_rows.TryGetValue(row.Id, out FragmentRow? present))
        {
            if (!present.Label.Span.SequenceEqual(row.Label.Span))
            {
                return new FragmentOutcome(FragmentInsert.Conflict);
            }

            if (present.State == FragmentState.Live)
            {
                return new FragmentOutcome(FragmentInsert.Present);
            }

            AddUnerased(present);
            entered = present.State == FragmentState.Lost
                ? new FragmentOutcome(FragmentInsert.Restored)
                : new FragmentOutcome(FragmentInsert.Replaced, present.Place);
        }

        _rows[row.Id] = row with { State = FragmentState.Live };
        _lostForGood.Remove(row.Id);
        return entered;
    }

    private bool Adopt(FragmentRow found)
    {
        if (_rows.TryGetValue(found.Id, out FragmentRow? known))
        {
            if (!FragmentChoice.IsBetter(found, known))
            {
                AddUnerased(found.Place == known.Place ? null : found);
                return false;
            }

            AddUnerased(found.Place == known.Place ? null : known);
        }

        _rows[found.Id] = found;
        _lostForGood.Remove(found.Id);
        return true;
    }

    // Where a lost one was, another volume may be by now.
    private void AddUnerased(FragmentRow? row)
    {
        if (row is not null && row.State != FragmentState.Lost)
        {
            _unerased.Add(row.Place);
        }
    }
}
