using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults.Mounting;

/// <summary>
/// The namespace as a mount shows it: its own changes at once, the log behind it. One task puts changes into the log in
/// their order; another follows what others do.
/// </summary>
internal sealed class MountFront : IAsyncDisposable
{
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);

    private readonly VaultCore _core;
    private readonly MountOptions _options;
    private readonly VaultSession _session;
    private readonly Foresight _foresight;
    private readonly SemaphoreSlim _arrived = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(ForeseenChange Change, TaskCompletionSource<Errno> Told)> _waiters = [];
    private readonly Queue<ForeseenChange> _open = [];
    private readonly List<Task> _running = [];
    private TaskCompletionSource _unstalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sharedUntil = long.MinValue;
    private ulong _othersSeen;
    private Errno _late;
    private bool _isBroken;

    public MountFront(VaultCore core, MountOptions options)
    {
        (_core, _options, _session) = (core, options, core.Session);
        lock (_session.Gate)
        {
            _foresight = _session.State.Foresee(core.Writer);
            _othersSeen = _session.OthersCount;
        }

        _running.Add(Task.Run(() => GuardAsync(CommitAsync), _stop.Token));
        _running.Add(Task.Run(() => GuardAsync(FollowAsync), _stop.Token));
    }

    /// <summary>Raised, on any thread, when somebody else has changed something.</summary>
    public event Action? OthersChanged;

    /// <summary>Whether each change waits for its place in the log.</summary>
    public bool IsShared =>
        _options.IsStrict || _core.Options.Time.GetTimestamp() < Volatile.Read(ref _sharedUntil);

    /// <summary>Whether the log cannot be believed any more.</summary>
    public bool IsBroken => Volatile.Read(ref _isBroken);

    /// <summary>Why changes do not get into the log at present, or null.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Keeps why something could not be stored.</summary>
    public void Note(string trouble) => Trouble = trouble;

    /// <summary>Looks at the state.</summary>
    public T Look<T>(Func<NamespaceState, T> look)
    {
        lock (_session.Gate)
        {
            return look(_session.State);
        }
    }

    /// <summary>Draws a number for a new inode.</summary>
    public ulong NewInode()
    {
        lock (_session.Gate)
        {
            return _session.NewInode();
        }
    }

    /// <summary>Makes a change: at once, or after its place in the log while others change the vault too.</summary>
    /// <param name="plan">Makes the operations for the state.</param>
    /// <param name="ct">Gives up waiting; the change stays.</param>
    /// <exception cref="TimeoutException">The cluster does not take it.</exception>
    public async ValueTask<Errno> ChangeAsync(
        Func<NamespaceState, IReadOnlyList<NamespaceOperation>> plan, CancellationToken ct)
    {
        (Errno error, Task<Errno>? fate) = await ForeseeAsync(plan, 0, IsShared, ct);
        return fate is null ? error : await fate.WaitAsync(_options.DurableWait, _core.Options.Time, ct);
    }

    /// <summary>Makes a change at once.</summary>
    /// <param name="plan">Makes the operations for the state.</param>
    /// <param name="epoch">Of the key of its new stripes, or 0.</param>
    /// <param name="ct">Gives up waiting.</param>
    /// <returns>What becomes of it in the log; it ends when that is known.</returns>
    /// <exception cref="TimeoutException">An entry before it has an unknown fate for too long.</exception>
    public async ValueTask<Task<Errno>> ForeseeAsync(
        Func<NamespaceState, IReadOnlyList<NamespaceOperation>> plan, int epoch, CancellationToken ct)
    {
        (Errno error, Task<Errno>? fate) = await ForeseeAsync(plan, epoch, isFollowed: true, ct);
        return fate ?? Task.FromResult(error);
    }

    /// <summary>Waits until the log has everything that was changed before.</summary>
    /// <returns>The error of the first change since the last call that failed though it was answered.</returns>
    /// <exception cref="TimeoutException">The cluster does not take it.</exception>
    public async Task<Errno> SettleAsync(CancellationToken ct)
    {
        Task<Errno> told;
        lock (_session.Gate)
        {
            ForeseenChange? last = _foresight.Newest;
            told = last is null ? Task.FromResult(_isBroken ? Errno.Io : Errno.None) : ToldAsync(last);
        }

        Errno newest = await told.WaitAsync(_options.DurableWait, _core.Options.Time, ct);
        lock (_session.Gate)
        {
            (Errno late, _late) = (_late, Errno.None);
            return late == Errno.None ? newest : late;
        }
    }

    /// <summary>Ends; what the log does not have yet is lost.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running).ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _stop.Dispose();
        _arrived.Dispose();
    }

    private async ValueTask<(Errno Error, Task<Errno>? Fate)> ForeseeAsync(
        Func<NamespaceState, IReadOnlyList<NamespaceOperation>> plan,
        int epoch,
        bool isFollowed,
        CancellationToken ct)
    {
        while (true)
        {
            Task unstalled;
            lock (_session.Gate)
            {
                if (_isBroken)
                {
                    return (Errno.Io, null);
                }

                if (!_foresight.IsStalled)
                {
                    (Errno error, ForeseenChange? change) = Add(plan, epoch);
                    return (error, change is not null && isFollowed ? ToldAsync(change) : null);
                }

                unstalled = _unstalled.Task;
            }

            await unstalled.WaitAsync(_options.DurableWait, _core.Options.Time, ct);
        }
    }

    private (Errno Error, ForeseenChange? Change) Add(
        Func<NamespaceState, IReadOnlyList<NamespaceOperation>> plan, int epoch)
    {
        IReadOnlyList<NamespaceOperation> operations = plan(_session.State);
        if (operations.Count == 0)
        {
            return (Errno.None, null);
        }

        int sealedWith = epoch == 0 ? _session.Keys?.Epoch ?? 0 : epoch;
        BatchOutcome outcome = _foresight.Add(sealedWith, operations, out ForeseenChange? change);
        if (change is null)
        {
            return (outcome.Error, null);
        }

        _open.Enqueue(change);
        if (_arrived.CurrentCount == 0)
        {
            _arrived.Release();
        }

        return (outcome.Error, change);
    }

    /// <summary>Ends when a change is settled; the caller holds the gate.</summary>
    private Task<Errno> ToldAsync(ForeseenChange change)
    {
        if (change.Fate != ForeseenFate.Open)
        {
            return Task.FromResult(change.Error);
        }

        TaskCompletionSource<Errno> told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiters.Add((change, told));
        return told.Task;
    }

    // A fault of ours must not leave anybody waiting.
    private async Task GuardAsync(Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (Exception e) when (!_stop.IsCancellationRequested)
        {
            Trouble = e.Message;
            Break();
        }
    }

    private async Task CommitAsync()
    {
        TimeSpan pause = PauseMin;
        while (!_stop.IsCancellationRequested)
        {
            await _arrived.WaitAsync(_stop.Token);
            while (!_stop.IsCancellationRequested && HasOpen())
            {
                (bool isTrouble, string? why) = await TryCommitAsync();
                Trouble = why;
                Tell();
                if (!isTrouble)
                {
                    pause = PauseMin;
                    continue;
                }

                await Task.Delay(pause, _core.Options.Time, _stop.Token);
                pause = pause * 2 < PauseMax ? pause * 2 : PauseMax;
            }
        }
    }

    private bool HasOpen()
    {
        lock (_session.Gate)
        {
            return !_foresight.IsEmpty && !_isBroken;
        }
    }

    private async Task<(bool IsTrouble, string? Why)> TryCommitAsync()
    {
        CommitResult result = await _core.WithSessionAsync(
            session => session.CommitForeseenAsync(_stop.Token).AsTask(), _stop.Token);
        switch (result.Status)
        {
            case CommitStatus.Committed or CommitStatus.Conflict or CommitStatus.Expired or CommitStatus.Void:
            case CommitStatus.Refused when result.Refusal == LogStatus.WrongSequence:
                return (false, null);
            case CommitStatus.Fault:
                Break();
                return (true, VaultErrors.Of(result, _core.Name).Message);
            default:
                return (true, VaultErrors.Of(result, _core.Name).Message);
        }
    }

    // The log did what no honest log does: nothing that is shown from now on could be believed.
    private void Break()
    {
        lock (_session.Gate)
        {
            Volatile.Write(ref _isBroken, true);
            foreach ((_, TaskCompletionSource<Errno> told) in _waiters)
            {
                told.TrySetResult(Errno.Io);
            }

            _waiters.Clear();
        }
    }

    /// <summary>Tells those who wait for changes that are settled now, and notices what others did.</summary>
    private void Tell()
    {
        bool others;
        lock (_session.Gate)
        {
            foreach ((ForeseenChange change, TaskCompletionSource<Errno> told) in _waiters)
            {
                if (change.Fate != ForeseenFate.Open)
                {
                    told.TrySetResult(change.Error);
                }
            }

            _waiters.RemoveAll(static waiter => waiter.Change.Fate != ForeseenFate.Open);
            while (_open.TryPeek(out ForeseenChange? oldest) && oldest.Fate != ForeseenFate.Open)
            {
                _open.Dequeue();
                _late = _late == Errno.None ? oldest.Error : _late;
            }

            if (!_foresight.IsStalled)
            {
                _unstalled.TrySetResult();
                _unstalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            others = _session.OthersCount != _othersSeen;
            _othersSeen = _session.OthersCount;
        }

        if (others)
        {
            TimeProvider time = _core.Options.Time;
            long sharedTicks = (long)(_options.SharedTime.TotalSeconds * time.TimestampFrequency);
            Volatile.Write(ref _sharedUntil, time.GetTimestamp() + sharedTicks);
            OthersChanged?.Invoke();
        }
    }

    private async Task FollowAsync()
    {
        TimeSpan pause = PauseMin;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _core.Log.WaitAsync(_core.Vault, _session.Position.Count, _stop.Token);
                await _core.LookAsync(static _ => true, _stop.Token);
                pause = PauseMin;
                Tell();
            }
            catch (VaultException e)
            {
                if (e.Reason == VaultFailure.LogFault)
                {
                    Break();
                    return;
                }

                await Task.Delay(pause, _core.Options.Time, _stop.Token);
                pause = pause * 2 < PauseMax ? pause * 2 : PauseMax;
            }
        }
    }
}
