using Microsoft.Extensions.Logging;
using SigmaComms.Actors;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence;
using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>
/// Looks after the fragments of this node: repairs and moves what is to be when nodes come, go or ask, collects, and
/// scrubs. One of each at a time; what fails is tried again later.
/// </summary>
internal sealed class RepairActor : ReceiveActor
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryMax = TimeSpan.FromMinutes(10);

    private readonly RepairDesk _desk;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private PlacementView? _roundView;
    private DateTimeOffset _roundDue;
    private DateTimeOffset _collectDue;
    private DateTimeOffset _scrubDue;
    private TimeSpan _retry;
    private bool _isRepairing;
    private bool _isCollecting;
    private bool _isScrubbing;

    public RepairActor(RepairDesk desk, TimeProvider time, ILogger logger)
    {
        (_desk, _time, _logger) = (desk, time, logger);
        _retry = desk.Options.RetryInterval;
        Receive<LookTick>(_ => Look());
        Receive<RoundEnded>(OnRoundEnded);
        Receive<CollectEnded>(ended =>
        {
            _isCollecting = false;
            NoteFailure(ended.Failure);
        });
        Receive<ScrubEnded>(ended =>
        {
            _isScrubbing = false;
            NoteFailure(ended.Failure);
        });
        Receive<FragmentDamaged>(OnDamaged);
    }

    protected override ValueTask PreStart()
    {
        DateTimeOffset now = _time.GetUtcNow();
        (_roundDue, _scrubDue) = (now + _desk.Options.RetryInterval, now + _desk.Options.RetryInterval);
        _collectDue = now + _desk.Options.CollectInterval;
        Context.System.EventStream.Subscribe(Self, typeof(FragmentDamaged));
        Context.Timers.StartPeriodic(nameof(LookTick), new LookTick(), LookInterval);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        return ValueTask.CompletedTask;
    }

    private void OnDamaged(FragmentDamaged damaged)
    {
        if (damaged.Kind != DamageKind.Header)
        {
            _desk.NoteDamaged(new StoredFragment(damaged.Label, FragmentState.Quarantined, _time.GetUtcNow()));
        }
    }

    private void Look()
    {
        _desk.Settled.Observe();
        try
        {
            // Entries are noted soon after they are final, long before a log drops them.
            if (_desk.Follower.Follow() > 0)
            {
                DateTimeOffset soon = _time.GetUtcNow() + _desk.Options.RetryInterval;
                _collectDue = soon < _collectDue ? soon : _collectDue;
            }
        }
        catch (JournalException failure)
        {
            NoteFailure(failure);
            return;
        }

        PlacementView? view = _desk.Current();
        if (view is not null && !_isRepairing)
        {
            Repair(view);
        }

        DateTimeOffset now = _time.GetUtcNow();
        if (!_isCollecting && now >= _collectDue)
        {
            _isCollecting = true;
            _collectDue = now + _desk.Options.CollectInterval;
            Context.PipeToSelf(
                DoneAsync(_desk.Collector.SweepAsync(Context.StopToken)),
                _ => new CollectEnded(null),
                failure => new CollectEnded(failure));
        }

        if (!_isScrubbing && now >= _scrubDue)
        {
            _scrubDue = now + _desk.Options.RetryInterval;
            Scrub();
        }
    }

    private void Repair(PlacementView view)
    {
        IReadOnlyCollection<StoredFragment> damaged = _desk.TakeDamaged();
        if (damaged.Count > 0)
        {
            Begin(_desk.Round.MendAsync(damaged, view, Context.StopToken), null, isAll: false);
        }
        else if (_desk.NextAsked() is { } asked)
        {
            Begin(CheckAsync(asked.Vault, asked.Check, view), asked, isAll: false);
        }
        else if (_roundView is null || !view.PlacesAs(_roundView) || _time.GetUtcNow() >= _roundDue)
        {
            if (_roundView is not null && !view.PlacesAs(_roundView))
            {
                _retry = _desk.Options.RetryInterval;
                _logger.PlacesChanged(view.Placement.Nodes.Count, view.Gone.Count, view.Leaving.Count);
            }

            _roundView = view;
            Begin(_desk.Round.RunAsync(null, view, Context.StopToken), null, isAll: true);
        }
    }

    private async Task<RoundResult> CheckAsync(Cryptography.Digest vault, StorageCheck check, PlacementView view)
    {
        CancellationToken stop = Context.StopToken;
        bool isRead = check != StorageCheck.Content || await _desk.Scrubber.RunAsync(vault, stop);
        RoundResult result = await _desk.Round.RunAsync(vault, view, stop);
        return result with { IsWhole = result.IsWhole && isRead };
    }

    private void Begin(Task<RoundResult> round, (Cryptography.Digest Vault, StorageCheck Check)? asked, bool isAll)
    {
        _isRepairing = true;
        Context.PipeToSelf(
            round,
            result => new RoundEnded(result, asked?.Vault, asked?.Check ?? default, isAll, null),
            failure => new RoundEnded(null, asked?.Vault, asked?.Check ?? default, isAll, failure));
    }

    private void OnRoundEnded(RoundEnded ended)
    {
        _isRepairing = false;
        NoteFailure(ended.Failure);
        bool isDone = ended.Result is { IsWhole: true, Open: 0 };
        if (ended.Vault is { } vault)
        {
            _desk.NoteChecked(vault, ended.Check, ended.Result?.IsWhole ?? false);
        }

        DateTimeOffset now = _time.GetUtcNow();
        if (isDone && ended.IsAll)
        {
            _desk.NoteAllChecked();
            _retry = _desk.Options.RetryInterval;
            _roundDue = now + _desk.Options.CheckInterval;
        }
        else if (!isDone)
        {
            _roundDue = now + _retry < _roundDue || ended.IsAll ? now + _retry : _roundDue;
            if (ended.IsAll)
            {
                _retry = TimeSpan.FromTicks(Math.Min(2 * _retry.Ticks, RetryMax.Ticks));
            }
        }
    }

    private void Scrub()
    {
        try
        {
            if (!_desk.Scrubber.IsDue)
            {
                return;
            }
        }
        catch (JournalException failure)
        {
            NoteFailure(failure);
            return;
        }

        _isScrubbing = true;
        Context.PipeToSelf(
            _desk.Scrubber.RunAsync(Context.StopToken),
            _ => new ScrubEnded(null),
            failure => new ScrubEnded(failure));
    }

    private void NoteFailure(Exception? failure)
    {
        if (failure is not null and not OperationCanceledException)
        {
            _logger.RepairFailed(failure.Message);
        }
    }

    private static async Task<bool> DoneAsync(Task work)
    {
        await work;
        return true;
    }

    private sealed record LookTick;

    private sealed record RoundEnded(
        RoundResult? Result, Cryptography.Digest? Vault, StorageCheck Check, bool IsAll, Exception? Failure);

    private sealed record CollectEnded(Exception? Failure);

    private sealed record ScrubEnded(Exception? Failure);
}
