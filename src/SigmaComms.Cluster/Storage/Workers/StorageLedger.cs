using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>Keeps count of what there is and of the slots that are to be erased, and shows the figures.</summary>
internal sealed class StorageLedger(StorageDesk desk, VolumeShelf shelf)
{
    private readonly HashSet<FragmentPlace> _due = [];
    private readonly HashSet<FragmentPlace> _underWay = [];
    private readonly HashSet<FragmentPlace> _erasedSince = [];
    private FragmentTotals _totals = new(0, 0, 0, 0);
    private long _diskFreeBytes;

    /// <summary>What failed last.</summary>
    public string Detail { get; set; } = "";

    /// <summary>Begins anew.</summary>
    public void Open(StorageSweep sweep)
    {
        Detail = "";
        Take(sweep);
    }

    /// <summary>Nothing is there yet, but others want to know how much could be.</summary>
    public void ShowEmpty()
    {
        try
        {
            _diskFreeBytes = desk.Boundaries.FreeBytes();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Detail = failure.Message;
        }

        long capacity = VolumeGrowth.CapacityOf(desk.Options, madeBytes: 0, _diskFreeBytes);
        desk.Figures = new StorageFigures(StorageState.Empty, capacity, 0, capacity, 0, 0, 0, 0, 0, Detail);
    }

    /// <summary>
    /// Index and disk are asked. What is erased from now on may still stand in the answer, and its room may be somebody
    /// else's by then: it must not be erased again.
    /// </summary>
    public void BeginSweep() => _erasedSince.Clear();

    /// <summary>Takes what index and disk say.</summary>
    public void Take(StorageSweep sweep)
    {
        _totals = sweep.Totals;
        _diskFreeBytes = sweep.DiskFreeBytes;
        _due.UnionWith(sweep.Unerased.Where(
            place => !_underWay.Contains(place) && !_erasedSince.Contains(place)));
        Show();
    }

    /// <summary>A commit of a volume has ended.</summary>
    public void Commit(CommitEnded ended)
    {
        _totals = _totals with { Live = _totals.Live + ended.Entered + ended.Replaced };
        _underWay.ExceptWith(ended.Erased);
        _erasedSince.UnionWith(ended.Erased);
        _due.UnionWith(ended.Superfluous);
    }

    /// <summary>Fragments were taken out of the index.</summary>
    public void Remove(IReadOnlyList<FragmentRow?> rows)
    {
        foreach (FragmentRow? row in rows)
        {
            _totals = row?.State switch
            {
                FragmentState.Live => _totals with { Live = _totals.Live - 1 },
                FragmentState.Quarantined => _totals with { Quarantined = _totals.Quarantined - 1 },
                FragmentState.Lost => _totals with { Lost = _totals.Lost - 1 },
                _ => _totals,
            };
            if (row is not null && row.State != FragmentState.Lost)
            {
                _due.Add(row.Place);
            }
        }

        Show();
    }

    /// <summary>A fragment is not given out any more.</summary>
    public void Quarantine()
    {
        _totals = _totals with { Live = _totals.Live - 1, Quarantined = _totals.Quarantined + 1 };
        Show();
    }

    /// <summary>Slots that are to be erased now.</summary>
    public IReadOnlyList<FragmentPlace> TakeDue()
    {
        FragmentPlace[] due = [.. _due];
        _underWay.UnionWith(due);
        _due.Clear();
        return due;
    }

    /// <summary>They are not under way any more; the next sweep finds them again.</summary>
    public void EraseFailed(IReadOnlyList<FragmentPlace> places) => _underWay.ExceptWith(places);

    /// <summary>Shows the figures.</summary>
    public void Show()
    {
        long capacity = VolumeGrowth.CapacityOf(desk.Options, shelf.VolumeBytes, _diskFreeBytes);
        long used = shelf.UsableBytes - shelf.FreeBytes;
        desk.Figures = new StorageFigures(
            StorageState.Open, capacity, used, Math.Max(0, capacity - used), shelf.Count,
            desk.View.Volumes.Values.Count(seat => !seat.Access.IsClosed),
            _totals.Live, _totals.Quarantined, _totals.Lost, Detail);
    }
}
