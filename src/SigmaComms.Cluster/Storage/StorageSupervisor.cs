using SigmaComms.Actors;
using SigmaComms.Actors.Supervision;
using SigmaComms.Cluster.Storage.Volumes;
using SigmaComms.Cluster.Storage.Workers;
using SigmaComms.Cryptography;
using SigmaComms.Persistence;
using SigmaComms.Persistence.Fragments;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage;

/// <summary>
/// Has the fragment store of a node: opens it, sets room aside for what comes, makes volumes ahead of need, and
/// restarts the workers of volumes whose disks fail. What it cannot open it tries again; the node serves the rest
/// meanwhile.
/// </summary>
internal sealed class StorageSupervisor : ReceiveActor
{
    private const int FillBytes = 1 << 20;

    private static readonly TimeSpan RetryMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(30);

    private readonly StorageDesk _desk;
    private readonly VolumeShelf _shelf;
    private readonly StorageLedger _ledger;
    private readonly Queue<PendingPut> _waiting = new();
    private readonly RemovalQueue _removals;
    private StorageOpening? _opening;
    private TimeSpan _retry = RetryMin;
    private bool _isOpening;
    private bool _isGrowing;
    private bool _isSweeping;
    private bool _mayGrow = true;
    private long _waitingBytes;
    private long _sequence;

    public StorageSupervisor(StorageDesk desk)
    {
        _desk = desk;
        _shelf = new VolumeShelf(desk.Time);
        _ledger = new StorageLedger(desk, _shelf);
        _removals = new RemovalQueue();
        Receive<PendingPut>(OnPut);
        Receive<RemoveFragment>(OnRemove);
        Receive<RemovalsEnded>(OnRemovalsEnded);
        Receive<OpeningEnded>(OnOpeningEnded);
        Receive<VolumeMade>(OnVolumeMade);
        Receive<CommitEnded>(OnCommitEnded);
        Receive<EraseFailed>(failed => _ledger.EraseFailed(failed.Places));
        Receive<FillWanted>(wanted => Sender?.Tell(
            new FillRoom(_shelf.Find(wanted.Volume)?.TakeRaw(FillBytes)), Self));
        Receive<RoomFilled>(filled => _shelf.Free(filled.Place, filled.IsFilled));
        Receive<VolumeFilled>(OnVolumeFilled);
        Receive<WritesStopped>(OnWritesStopped);
        Receive<IndexFailed>(failed => OnIndexFailed(failed.Cause));
        Receive<DamageFound>(OnDamageFound);
        Receive<SweepTick>(_ => Sweep());
        Receive<SweepEnded>(OnSweepEnded);
        Receive<RetryTick>(_ => Open());
    }

    /// <summary>
    /// A disk that fails is opened anew with growing waits, without a limit: its breaker leaves it alone meanwhile.
    /// Room that is used up and slots that are damaged fail no worker: the first stops writes for a while, the second
    /// is quarantined. Whatever else fails a worker is a bug, and ends with this part of the node being opened anew.
    /// </summary>
    protected override SupervisorStrategy SupervisorStrategy => new OneForOneStrategy(
        -1,
        TimeSpan.FromMinutes(1),
        Decide,
        new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), 0.5, TimeSpan.FromMinutes(1)));

    protected override ValueTask PreStart()
    {
        Context.Timers.StartPeriodic(nameof(SweepTick), new SweepTick(), SweepInterval);
        if (_desk.Options.CapacityBytes != 0 && _desk.Boundaries.Exists())
        {
            Open();
        }
        else
        {
            _ledger.ShowEmpty();
        }

        return ValueTask.CompletedTask;
    }

    protected override ValueTask PostStop()
    {
        _desk.View = StorageView.Nothing;
        _desk.Figures = _desk.Figures with { State = StorageState.Failing, Detail = "it is stopped" };
        RefuseWaiting(StoreStatus.Unreachable);
        _removals.Refuse(StoreStatus.Unreachable);
        _opening?.Dispose();
        _opening = null;
        _desk.Lanes.Dispose();
        return ValueTask.CompletedTask;
    }

    private Directive Decide(Exception cause)
    {
        if (cause is not VolumeFailedException { InnerException: IOException })
        {
            return Directive.Escalate;
        }

        _ledger.Detail = cause.Message;
        _desk.Logger.VolumeFailed(cause.Message);
        return Directive.Restart;
    }

    private void Open()
    {
        if (_isOpening || _opening is not null)
        {
            return;
        }

        _isOpening = true;
        _desk.Lanes.Dispose();
        _desk.Lanes = new DiskLanes(_desk.Boundaries.HasThreads ? _desk.Options.DiskThreads : 0);
        _desk.Figures = _desk.Figures with { State = StorageState.Opening };
        StorageDesk desk = _desk;
        Context.PipeToSelf(
            _desk.Lanes.RunAsync(() =>
            {
                StorageOpening opening = StorageOpening.Open(desk);
                return (opening, StorageSweep.Of(desk, opening.Index));
            }),
            opened => new OpeningEnded(this, opened.opening, opened.Item2, null),
            failure => new OpeningEnded(this, null, null, failure));
    }

    private void OnOpeningEnded(OpeningEnded ended)
    {
        if (ended.Owner != this)
        {
            // An earlier instance asked for it, and is gone.
            ended.Opening?.Dispose();
            return;
        }

        _isOpening = false;
        if (ended.Opening is not { } opening)
        {
            OnNotOpened(ended.Failure!);
            return;
        }

        _opening = opening;
        _retry = RetryMin;
        _shelf.Reserve(opening.NumberMax);
        foreach (OpenedVolume volume in opening.Volumes)
        {
            Serve(volume);
        }

        _desk.View = _desk.View with { Index = opening.Index };
        _sequence = ended.Sweep!.Totals.SequenceMax;
        _ledger.Open(ended.Sweep);
        EraseDue();
        _desk.Logger.StorageOpened(
            _shelf.Count, _desk.Figures.Fragments, _desk.Figures.Quarantined, _desk.Figures.Lost);
        foreach (int gone in opening.Gone)
        {
            Context.System.EventStream.Publish(new VolumeGone(gone));
        }

        PlaceWaiting();
        RemoveNext();
    }

    private void OnNotOpened(Exception failure)
    {
        if (failure is not (IOException or UnauthorizedAccessException or JournalException))
        {
            throw new InvalidOperationException("The storage cannot be opened.", failure);
        }

        _desk.IndexIsDamaged |= failure is JournalException { Reason: JournalFailure.Corrupt };
        _desk.Logger.StorageNotOpened(failure.Message, _retry.TotalMilliseconds);
        _desk.Figures = _desk.Figures with { State = StorageState.Failing, Detail = failure.Message };
        RefuseWaiting(StoreStatus.Unreachable);
        _removals.Refuse(StoreStatus.Unreachable);
        Context.Timers.StartSingle(nameof(RetryTick), new RetryTick(), _retry);
        _retry = TimeSpan.FromTicks(Math.Min(2 * _retry.Ticks, RetryMax.Ticks));
    }

    private void Serve(OpenedVolume volume)
    {
        int number = volume.Space.Number;
        VolumeAccess access = new(_desk, _opening!.Disk, volume.File);
        bool isFilled = volume.Space.IsFilled;
        IActorRef worker = Context.ActorOf(
            Props.Create(() => new VolumeWorker(_desk, access, isFilled)), VolumeLayout.NameOf(number));
        _shelf.Add(volume.Space);
        _desk.View = _desk.View with { Volumes = _desk.View.Volumes.SetItem(number, new VolumeSeat(access, worker)) };
    }

    private void OnPut(PendingPut put)
    {
        put.ReplyTo = Sender;
        if (_desk.Figures.State == StorageState.Failing
            || _waitingBytes + put.SizeBytes > _desk.Options.WaitingBytesMax)
        {
            put.ReplyTo?.Tell(new StoreAnswer(StoreStatus.Unreachable), Self);
            return;
        }

        _waitingBytes += put.SizeBytes;
        _waiting.Enqueue(put);
        if (_opening is null)
        {
            Open();
            return;
        }

        PlaceWaiting();
    }

    /// <summary>Gives each put that waits a place; the rest waits for another volume, or is refused.</summary>
    private void PlaceWaiting()
    {
        while (_waiting.TryPeek(out PendingPut? put))
        {
            if (_shelf.Take(put.SizeBytes, IsServed) is not { } place)
            {
                GrowOrRefuse();
                return;
            }

            _waiting.Dequeue();
            put.Place = place;
            put.Sequence = NextSequence();
            _desk.View.Volumes[place.Volume].Worker.Tell(put, Self);
        }

        _ledger.Show();
        if (_opening is not null && _shelf.FreeBytes < _desk.Options.VolumeBytes / 4)
        {
            Grow();
        }
    }

    private bool IsServed(int volume) => _desk.View.Volumes[volume].Access.IsClosed;

    // Grows with time too, so that a write after a loss of the index is newer than those before it.
    private long NextSequence()
    {
        _sequence = Math.Max(_sequence + 1, _desk.Time.GetUtcNow().UtcTicks);
        return _sequence;
    }

    private void GrowOrRefuse()
    {
        Grow();
        if (!_isGrowing)
        {
            bool isFull = _desk.View.Volumes.Keys.All(number => IsServed(number) || _shelf.IsStopped(number));
            RefuseWaiting(isFull ? StoreStatus.Full : StoreStatus.Unreachable);
        }
    }

    /// <summary>Makes another volume, if there may be one.</summary>
    private void Grow()
    {
        if (_isGrowing || !_mayGrow || _opening is not { } opening)
        {
            return;
        }

        _isGrowing = true;
        int number = _shelf.NextNumber;
        _shelf.Reserve(number);
        long madeBytes = _shelf.VolumeBytes;
        StorageDesk desk = _desk;
        Context.PipeToSelf(
            desk.Lanes.RunAsync(() => VolumeGrowth.Make(desk, opening, number, madeBytes)),
            volume => new VolumeMade(this, volume, null),
            failure => new VolumeMade(this, null, failure));
    }

    private void OnVolumeMade(VolumeMade made)
    {
        if (made.Owner != this)
        {
            made.Volume?.File.Dispose();
            return;
        }

        _isGrowing = false;
        if (made.Volume is { } volume)
        {
            _desk.Logger.VolumeMade(volume.Space.Number, volume.Space.SizeBytes);
            Serve(volume);
        }
        else
        {
            // Until the next sweep; much can happen to a disk meanwhile.
            _mayGrow = false;
            if (made.Failure is { } failure)
            {
                _desk.Logger.VolumeNotMade(failure.Message);
                _ledger.Detail = failure.Message;
            }
        }

        PlaceWaiting();
    }

    private void OnCommitEnded(CommitEnded ended)
    {
        _waitingBytes -= ended.WaitingBytes;
        foreach (FragmentPlace place in ended.Unused)
        {
            _shelf.Free(place, isWritten: false);
        }

        foreach (FragmentPlace place in ended.Erased)
        {
            _shelf.Free(place, isWritten: true);
        }

        _ledger.Commit(ended);
        EraseDue();
        PlaceWaiting();
    }

    private void EraseDue()
    {
        foreach (FragmentPlace place in _ledger.TakeDue())
        {
            if (_desk.View.Volumes.TryGetValue(place.Volume, out VolumeSeat? seat))
            {
                seat.Worker.Tell(new EraseSlot(place), Self);
            }
        }
    }

    private void OnRemove(RemoveFragment remove)
    {
        if (_opening is null)
        {
            bool isEmpty = _desk.Figures.State == StorageState.Empty;
            Sender?.Tell(new StoreAnswer(isEmpty ? StoreStatus.NotFound : StoreStatus.Unreachable), Self);
            return;
        }

        _removals.Add(remove.Id, Sender);
        RemoveNext();
    }

    private void RemoveNext()
    {
        if (_opening is not { } opening || !_removals.TryBegin(out IReadOnlyList<Digest> ids))
        {
            return;
        }

        Context.PipeToSelf(
            _desk.Lanes.RunAsync(() => opening.Index.Remove(ids)),
            rows => new RemovalsEnded(rows, null),
            failure => new RemovalsEnded([], failure));
    }

    private void OnRemovalsEnded(RemovalsEnded ended)
    {
        if (ended.Failure is { } failure)
        {
            _removals.End([]);
            OnIndexFailed(failure);
        }
        else
        {
            _removals.End(ended.Rows);
            _ledger.Remove(ended.Rows);
            EraseDue();
        }

        RemoveNext();
    }

    private void OnVolumeFilled(VolumeFilled filled)
    {
        _shelf.Find(filled.Volume)?.NoteFilled();
        _desk.Logger.VolumeFilled(filled.Volume);
    }

    private void OnWritesStopped(WritesStopped stopped)
    {
        _shelf.Stop(stopped.Volume);
        _ledger.Detail = stopped.Cause;
        _desk.Logger.WritesStopped(stopped.Volume, stopped.Cause);
    }

    /// <summary>A damaged index is made anew: this part of the node begins again, and its volumes with it.</summary>
    private void OnIndexFailed(Exception failure)
    {
        _desk.Logger.IndexFailed(failure.Message);
        _ledger.Detail = failure.Message;
        if (failure is JournalException { Reason: JournalFailure.Corrupt })
        {
            _desk.IndexIsDamaged = true;
            throw failure;
        }
    }

    private void OnDamageFound(DamageFound damage)
    {
        _desk.Logger.FragmentDamaged($"{damage.Label.Id}", damage.Row.Place.Volume, damage.Kind);
        if (damage.Kind == DamageKind.Header)
        {
            if (_desk.View.Volumes.TryGetValue(damage.Row.Place.Volume, out VolumeSeat? seat))
            {
                seat.Worker.Tell(new HealHeader(damage.Row, damage.Label.Length), Self);
            }
        }
        else
        {
            _ledger.Quarantine();
        }

        Context.System.EventStream.Publish(new FragmentDamaged(damage.Label, damage.Kind));
    }

    /// <summary>Now and then: what failed is tried again, and the disk is asked what it has free.</summary>
    private void Sweep()
    {
        _mayGrow = true;
        if (_isSweeping || _opening is null)
        {
            return;
        }

        _isSweeping = true;
        _ledger.TryAgain();
        EraseDue();
        Context.PipeToSelf(
            _desk.Lanes.RunAsync(_desk.Boundaries.FreeBytes),
            freeBytes => new SweepEnded(this, freeBytes, null),
            failure => new SweepEnded(this, 0, failure));
    }

    private void OnSweepEnded(SweepEnded ended)
    {
        if (ended.Owner != this)
        {
            return;
        }

        _isSweeping = false;
        if (ended.Failure is { } failure)
        {
            _ledger.Detail = failure.Message;
        }
        else
        {
            _ledger.NoteDisk(ended.FreeBytes);
        }
    }

    private void RefuseWaiting(StoreStatus status)
    {
        while (_waiting.TryDequeue(out PendingPut? put))
        {
            _waitingBytes -= put.SizeBytes;
            put.ReplyTo?.Tell(new StoreAnswer(status), Self);
        }
    }

    private sealed record OpeningEnded(
        StorageSupervisor Owner, StorageOpening? Opening, StorageSweep? Sweep, Exception? Failure);

    private sealed record VolumeMade(StorageSupervisor Owner, OpenedVolume? Volume, Exception? Failure);

    private sealed record RemovalsEnded(IReadOnlyList<FragmentRow?> Rows, Exception? Failure);

    private sealed record SweepEnded(StorageSupervisor Owner, long FreeBytes, Exception? Failure);

    private sealed record SweepTick;

    private sealed record RetryTick;
}
