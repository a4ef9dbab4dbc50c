using SigmaComms.Cryptography;
using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>Keeps count of what there is and of the slots that are to be erased, and shows the figures.</summary>
internal sealed class StorageLedger(StorageDesk desk, VolumeShelf shelf)
{
    private readonly HashSet<FragmentPlace> _due = [];
    private readonly HashSet<FragmentPlace> _underWay = [];
    private readonly HashSet<FragmentPlace> _later = [];
    private FragmentTotals _totals = new(0, 0, 0, 0);
    private long _diskFreeBytes;

    /// <summary>What failed last.</summary>
    public string Detail { get; set; } = "";

    /// <summary>Begins anew.</summary>
    public void Open(StorageSweep sweep)
    {
        Detail = "";
        _totals = sweep.Totals;
        _diskFreeBytes = sweep.DiskFreeBytes;
        _due.UnionWith(sweep.Unerased);
        Show();
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

    /// <summary>What the disk has free now.</summary>
    public void NoteDisk(long freeBytes)
    {
        _diskFreeBytes = freeBytes;
        Show();
    }

    /// <summary>A commit of a volume has ended.</summary>
    public void Commit(CommitEnded ended)
    {
        foreach (FragmentOutcome outcome in ended.Outcomes)
        {
            _totals = outcome.Insert switch
            {
                FragmentInsert.Entered => _totals with { Live = _totals.Live + 1 },
                FragmentInsert.Replaced =>
                    _totals with { Live = _totals.Live + 1, Quarantined = _totals.Quarantined - 1 },
                FragmentInsert.Restored => _totals with { Live = _totals.Live + 1, Lost = _totals.Lost - 1 },
                _ => _totals,
            };
            if (outcome.Replaced is { } replaced)
            {
                AddDue(replaced);
            }
        }

        _underWay.ExceptWith(ended.Erased);
        foreach (FragmentPlace place in ended.Superfluous)
        {
            AddDue(place);
        }

        _later.UnionWith(ended.Doubtful);
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
                AddDue(row.Place);
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

    /// <summary>They are not under way any more, and are to be tried again later.</summary>
    public void EraseFailed(IReadOnlyList<FragmentPlace> places)
    {
        foreach (FragmentPlace place in places)
        {
            // What was erased after all may be somebody else's by now.
            if (_underWay.Remove(place))
            {
                _later.Add(place);
            }
        }
    }

    /// <summary>What could not be erased is to be tried again.</summary>
    public void TryAgain()
    {
        _due.UnionWith(_later);
        _later.Clear();
    }

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

    private void AddDue(FragmentPlace place)
    {
        Invariant.Holds(!_underWay.Contains(place) && !_later.Contains(place));
        _due.Add(place);
    }
}
