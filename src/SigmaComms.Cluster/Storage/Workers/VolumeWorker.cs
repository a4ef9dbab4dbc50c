using SigmaComms.Actors;
using SigmaComms.Actors.Breakers;
using SigmaComms.Cluster.Disks;
using SigmaComms.Cluster.Storage.Volumes;
using SigmaComms.Persistence;
using SigmaComms.Persistence.Fragments;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>
/// Has one volume: gathers what is to be written, makes it durable with one sync and enters it into the index, and
/// fills free room when it has nothing else to do. A failure of the disk fails it; its next instance opens the file
/// anew.
/// </summary>
internal sealed class VolumeWorker : ReceiveActor
{
    private const int FillBytes = 1 << 20;
    private static readonly TimeSpan ReopenInterval = TimeSpan.FromSeconds(1);

    // Room that fragments take at once needs no random bytes first, and whoever puts them needs the disk.
    private static readonly TimeSpan FillPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan FillPauseMax = TimeSpan.FromSeconds(5);

    private readonly StorageDesk _desk;
    private readonly VolumeAccess _access;
    private readonly CommitQueue _queue;
    private readonly bool _isFilled;
    private bool _isOpen;
    private bool _isCommitting;
    private bool _isLingering;
    private bool _isFilling;
    private TimeSpan _lastCommit = TimeSpan.MinValue;
    private TimeSpan _lastFill = TimeSpan.MinValue;

    public VolumeWorker(StorageDesk desk, VolumeAccess access, bool isFilled)
    {
        _desk = desk;
        _access = access;
        _isFilled = isFilled;
        _queue = new CommitQueue(desk.Options.CommitBytes);
        Receive<PendingPut>(put =>
        {
            _queue.Add(put);
            Pump();
        });
        Receive<EraseSlot>(erase =>
        {
            _queue.Add(erase.Place);
            Pump();
        });
        Receive<HealHeader>(heal =>
        {
            _queue.Add(heal);
            Pump();
        });
        Receive<LingerEnded>(_ => OnLingerEnded());
        Receive<Committed>(OnCommitted);
        Receive<CommitFailed>(OnCommitFailed);
        Receive<Abandoned>(abandoned => Release(abandoned.Batch));
        Receive<FillTick>(_ => OnFillTick());
        Receive<FillRoom>(OnFillRoom);
        Receive<FillEnded>(OnFillEnded);
        Receive<Opened>(OnOpened);
        Receive<ReopenTick>(_ => Reopen());
        Receive<DiskFailed>(OnDiskFailed);
    }

    private int Number => _access.Header.Number;

    protected override ValueTask PreStart()
    {
        _access.GuardWith(Context.Breaker(_access.Settings));
        _isOpen = true;
        if (!_isFilled)
        {
            TimeSpan interval = TimeSpan.FromSeconds((double)FillBytes / _desk.Options.FillBytesPerSecond);
            Context.Timers.StartPeriodic(nameof(FillTick), new FillTick(), interval);
        }

        return ValueTask.CompletedTask;
    }

    protected override async ValueTask PostRestart(Exception reason)
    {
        await PreStart();
        _isOpen = false;
        Reopen();
    }

    protected override ValueTask PostStop()
    {
        _access.Close();
        Refuse(_queue.TakeAll(), StoreStatus.Unreachable, isTouched: false);
        return ValueTask.CompletedTask;
    }

    private void Reopen() => Context.PipeToSelf(
        ReopenAsync(Context.StopToken), static done => new Opened(null), static error => new Opened(error));

    private async Task<bool> ReopenAsync(CancellationToken cancellationToken)
    {
        await _access.OpenAsync(cancellationToken);
        return true;
    }

    private void OnOpened(Opened opened)
    {
        switch (opened.Failure)
        {
            case null:
                _isOpen = true;
                Pump();
                break;
            case BreakerOpenException or TimeoutException or OperationCanceledException:
                Context.Timers.StartSingle(nameof(ReopenTick), new ReopenTick(), ReopenInterval);
                break;
            default:
                Fail(opened.Failure);
                break;
        }
    }

    private void Pump()
    {
        if (!_isOpen)
        {
            Refuse(_queue.TakeAll(), StoreStatus.Unreachable, isTouched: false);
            return;
        }

        if (_isCommitting || _queue.IsEmpty)
        {
            return;
        }

        if (!_queue.WantsMore || _desk.Options.CommitDelay == TimeSpan.Zero)
        {
            Commit();
        }
        else if (!_isLingering)
        {
            _isLingering = true;
            Context.Timers.StartSingle(nameof(LingerEnded), new LingerEnded(), _desk.Options.CommitDelay);
        }
    }

    private void OnLingerEnded()
    {
        if (_isLingering && !_isCommitting && !_queue.IsEmpty)
        {
            Commit();
        }
    }

    private void Commit()
    {
        _isCommitting = true;
        _isLingering = false;
        Context.Timers.Cancel(nameof(LingerEnded));
        CommitBatch batch = _queue.Take();
        DateTimeOffset now = _desk.Time.GetUtcNow();
        foreach (PendingPut put in batch.Puts)
        {
            put.StoredAt = now;
        }

        Context.PipeToSelf(
            CommitAsync(batch, Context.StopToken),
            outcomes => new Committed(batch, outcomes),
            failure => new CommitFailed(batch, failure));
    }

    private async Task<IReadOnlyList<FragmentOutcome>> CommitAsync(
        CommitBatch batch, CancellationToken cancellationToken)
    {
        IFragmentIndex index = _desk.View.Index ?? throw new IOException("The index is closed.");
        await _access.WriteAsync(file => batch.Write(file, index), cancellationToken);
        _desk.NoteSync();
        return await _desk.Lanes.RunAsync(() => batch.Enter(index));
    }

    private void OnCommitted(Committed committed)
    {
        _isCommitting = false;
        _lastCommit = _desk.Time.GetElapsedTime(0);
        CommitBatch batch = committed.Batch;
        List<FragmentPlace> superfluous = [];
        for (int i = 0; i < batch.Puts.Count; i++)
        {
            PendingPut put = batch.Puts[i];
            FragmentInsert insert = committed.Outcomes[i].Insert;
            bool isKept = insert is not (FragmentInsert.Present or FragmentInsert.Conflict);
            bool isConflict = insert == FragmentInsert.Conflict;
            Reply(put, isConflict ? StoreStatus.Refused : StoreStatus.Done);
            put.Free();
            if (!isKept)
            {
                superfluous.Add(put.Place);
            }
        }

        Context.Parent.Tell(new CommitEnded(
            Number, batch.PutBytes, committed.Outcomes, [], [], superfluous, batch.Erases));
        Pump();
    }

    private void OnCommitFailed(CommitFailed failed)
    {
        _isCommitting = false;
        switch (failed.Cause)
        {
            case DiskCallOverdueException overdue:
                // A thread may still write: the room is not free before it has ended.
                Answer(failed.Batch, StoreStatus.Unreachable);
                Context.PipeToSelf(
                    EndedAsync(overdue), _ => new Abandoned(failed.Batch), _ => new Abandoned(failed.Batch));
                break;
            case DiskFullException or UnauthorizedAccessException:
                Refuse(failed.Batch, StoreStatus.Full);
                Context.Parent.Tell(new WritesStopped(Number, failed.Cause.Message));
                break;
            case JournalException { Reason: JournalFailure.DiskFull or JournalFailure.ReadOnly } full:
                Refuse(failed.Batch, StoreStatus.Full);
                Context.Parent.Tell(new WritesStopped(Number, full.Message));
                break;
            case JournalException index:
                Refuse(failed.Batch, StoreStatus.Unreachable);
                Context.Parent.Tell(new IndexFailed(index));
                break;
            case BreakerOpenException or VolumeClosedException or TimeoutException or OperationCanceledException:
                // A disk that hangs is not opened anew, which would hang too: the breaker leaves it alone.
                Refuse(failed.Batch, StoreStatus.Unreachable);
                break;
            default:
                Refuse(failed.Batch, StoreStatus.Unreachable);
                Fail(failed.Cause);
                break;
        }

        Pump();
    }

    /// <summary>Nothing of it was entered. Slots that were to be erased are sent anew by the supervisor.</summary>
    private void Refuse(CommitBatch batch, StoreStatus status, bool isTouched = true)
    {
        Answer(batch, status);
        Release(batch, isTouched);
    }

    private void Answer(CommitBatch batch, StoreStatus status)
    {
        foreach (PendingPut put in batch.Puts)
        {
            Reply(put, status);
        }
    }

    private static async Task<bool> EndedAsync(DiskCallOverdueException overdue)
    {
        await overdue.Ended;
        return true;
    }

    private void Release(CommitBatch batch, bool isTouched = true)
    {
        FragmentPlace[] places = [.. batch.Puts.Select(put => put.Place)];
        if (batch.Puts.Count > 0 || batch.Erases.Count > 0)
        {
            Context.Parent.Tell(new EraseFailed(batch.Erases));
            Context.Parent.Tell(new CommitEnded(
                Number, batch.PutBytes, [], isTouched ? [] : places, isTouched ? places : [], [], []));
        }
    }

    private void Reply(PendingPut put, StoreStatus status) => put.ReplyTo?.Tell(new StoreAnswer(status), Self);

    private void OnFillTick()
    {
        TimeSpan now = _desk.Time.GetElapsedTime(0);
        bool isDue = _lastCommit + FillPause <= now || _lastFill + FillPauseMax <= now;
        if (_isOpen && !_isFilling && !_isCommitting && _queue.IsEmpty && isDue)
        {
            _isFilling = true;
            _lastFill = now;
            Context.Parent.Tell(new FillWanted(Number), Self);
        }
    }

    private void OnFillRoom(FillRoom room) => Context.PipeToSelf(
        FillAsync(room.Place, Context.StopToken),
        _ => new FillEnded(room.Place, null),
        failure => new FillEnded(room.Place, failure));

    private async Task<bool> FillAsync(FragmentPlace? room, CancellationToken cancellationToken)
    {
        if (room is { } place)
        {
            // Synced at once: else the next commit would wait until all that was filled is on the disk.
            await _access.WriteAsync(
                file =>
                {
                    file.Fill(place.Offset, place.SizeBytes);
                    file.Sync();
                },
                cancellationToken);
            return true;
        }

        IFragmentIndex index = _desk.View.Index ?? throw new IOException("The index is closed.");
        await _access.WriteAsync(file => file.Sync(), cancellationToken);
        return await _desk.Lanes.RunAsync(() =>
        {
            index.SetVolume(new IndexedVolume(Number, _access.Header.Id, IsFilled: true));
            return true;
        });
    }

    private void OnFillEnded(FillEnded ended)
    {
        if (ended.Failure is DiskCallOverdueException overdue)
        {
            // Later writes of the thread that hangs must not meet a fragment; until then nothing more is filled.
            Context.PipeToSelf(
                EndedAsync(overdue), _ => ended with { Failure = overdue.InnerException },
                _ => ended with { Failure = overdue.InnerException });
            return;
        }

        _isFilling = false;
        if (ended.Room is { } place)
        {
            Context.Parent.Tell(new RoomFilled(place, ended.Failure is null));
        }
        else if (ended.Failure is null)
        {
            Context.Timers.Cancel(nameof(FillTick));
            Context.Parent.Tell(new VolumeFilled(Number));
        }

        switch (ended.Failure)
        {
            case null or BreakerOpenException or VolumeClosedException or TimeoutException
                or OperationCanceledException:
                break;
            case DiskFullException or UnauthorizedAccessException:
                Context.Parent.Tell(new WritesStopped(Number, ended.Failure.Message));
                break;
            case JournalException index:
                Context.Parent.Tell(new IndexFailed(index));
                break;
            default:
                Fail(ended.Failure);
                break;
        }
    }

    private void OnDiskFailed(DiskFailed failed)
    {
        if (_isOpen && failed.Openings == _access.Openings)
        {
            Fail(failed.Cause);
        }
    }

    /// <summary>The supervisor decides: see <see cref="StorageSupervisor"/>.</summary>
    private static void Fail(Exception cause) => throw new VolumeFailedException(cause.Message, cause);

    private sealed record LingerEnded;

    private sealed record Committed(CommitBatch Batch, IReadOnlyList<FragmentOutcome> Outcomes);

    private sealed record CommitFailed(CommitBatch Batch, Exception Cause);

    private sealed record Abandoned(CommitBatch Batch);

    private sealed record FillTick;

    private sealed record FillEnded(FragmentPlace? Room, Exception? Failure);

    private sealed record ReopenTick;

    private sealed record Opened(Exception? Failure);
}
