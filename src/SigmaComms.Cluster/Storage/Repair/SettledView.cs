namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>
/// Says whether copies may be given up now. Two nodes that go by different epochs may each take the other's copy for
/// the
/// right one; so nobody deletes before an epoch has been in force for a time, and everybody only within half of that
/// after the log's quorum has confirmed the epoch.
/// </summary>
/// <remarks>Safe to call from any thread.</remarks>
internal sealed class SettledView(
    Func<PlacementView?> current,
    Func<CancellationToken, ValueTask<bool>> confirm,
    TimeSpan settleTime,
    TimeProvider time)
{
    private readonly Lock _gate = new();
    private PlacementView? _view;
    private long _since;
    private long _confirmedAt;
    private bool _isConfirmed;

    /// <summary>Whether the last confirmation still counts.</summary>
    public bool IsStillSettled
    {
        get
        {
            lock (_gate)
            {
                return _isConfirmed && time.GetElapsedTime(_confirmedAt) < settleTime / 2
                    && _view is { } view && current() is { } now && view.PlacesAs(now);
            }
        }
    }

    /// <summary>Notes where fragments belong now; called often.</summary>
    public void Observe()
    {
        lock (_gate)
        {
            ObserveNow();
        }
    }

    /// <summary>
    /// Whether copies that are superfluous by a view may be deleted within half of the time of settling.
    /// </summary>
    /// <param name="view">The view by which they are.</param>
    /// <param name="ct">Stops it.</param>
    public async ValueTask<bool> MayDeleteAsync(PlacementView view, CancellationToken ct)
    {
        lock (_gate)
        {
            ObserveNow();
            if (_view is null || !_view.PlacesAs(view) || time.GetElapsedTime(_since) < settleTime)
            {
                return false;
            }

            // A confirmation serves many fragments.
            if (_isConfirmed && time.GetElapsedTime(_confirmedAt) < settleTime / 4)
            {
                return true;
            }
        }

        long asked = time.GetTimestamp();
        bool isConfirmed = await confirm(ct);
        lock (_gate)
        {
            ObserveNow();
            _isConfirmed = isConfirmed && _view is not null && _view.PlacesAs(view);
            _confirmedAt = asked;
            return _isConfirmed;
        }
    }

    private void ObserveNow()
    {
        PlacementView? now = current();
        if (now is null || _view is null || !_view.PlacesAs(now))
        {
            _since = time.GetTimestamp();
            _isConfirmed = false;
        }

        _view = now;
    }
}
