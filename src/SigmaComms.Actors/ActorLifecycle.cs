using SigmaComms.Actors.Health;
using SigmaComms.Actors.Mailboxes;
using SigmaComms.Actors.Supervision;

namespace SigmaComms.Actors;

/// <summary>
/// Start, failure, restart and end of one actor. Steps that may be pending (handlers, PreStart and the like) run one
/// at a time; what must wait for them is kept as a continuation. All members but the flags run in the cell's turn.
/// </summary>
internal sealed class ActorLifecycle(ActorCell cell)
{
    private Task? _pending;
    private Action<Exception?>? _whenPendingDone;
    private Action<Exception?>? _afterMessage;
    private SystemMessage? _stepDoneWord;
    private Action? _stepDone;
    private Change? _change;
    private long _step;
    private long _failures;
    private int _ordersSeen;
    private bool _instanceLeft;

    /// <summary>Whether it may be let go: nothing is going on, and nothing ever did but a start.</summary>
    public bool IsIdle => cell.Hold == Hold.None && _step == 0 && _failures == 0 && _ordersSeen == 0 && _change is null;

    private bool IsEnding => cell.Stage is ActorState.Stopping or ActorState.Abandoned or ActorState.Stopped;

    public void Handle(SystemMessage word)
    {
        switch (word.Kind)
        {
            case SystemMessageKind.Create:
                Create(restartedAfter: null);
                break;
            case SystemMessageKind.Stop:
                BeginStop();
                break;
            case SystemMessageKind.Suspend:
                cell.Hold |= Hold.ParentSuspended;
                cell.SetChildrenSuspended(true);
                break;
            case SystemMessageKind.Unsuspend:
                cell.Hold &= ~Hold.ParentSuspended;
                LetChildrenGoOn();
                break;
            case SystemMessageKind.Resume when word.Generation == _failures:
                cell.Hold &= ~Hold.Failed;
                LetChildrenGoOn();
                cell.Supervision?.ResumeEscalated();
                break;
            case SystemMessageKind.Restart:
                BeginRestart((RestartOrder)word.Subject!);
                break;
            case SystemMessageKind.BackoffElapsed when cell.Stage == ActorState.Backoff:
                Recreate();
                break;
            case SystemMessageKind.StepDone when (cell.Hold & Hold.Pending) != Hold.None:
                PendingDone();
                break;
            case SystemMessageKind.StopTimedOut
                when word.Generation == _step && _pending is { IsCompleted: false }:
                Abandon();
                break;
            case SystemMessageKind.ChildFailed when !IsEnding:
                cell.Supervise((ActorFailure)word.Subject!);
                break;
            case SystemMessageKind.ChildTerminated:
                ChildEnded((ActorCell)word.Subject!);
                break;
            default:
                break;
        }
    }

    /// <summary>Goes on when the step has ended. Returns false if it is pending or failed.</summary>
    /// <param name="step">The step that runs.</param>
    /// <param name="whenDone">Gets its outcome.</param>
    /// <param name="bounded">Whether it is left behind when the stop time-out is over.</param>
    public bool Await(ValueTask step, Action<Exception?> whenDone, bool bounded = false)
    {
        if (step.IsCompleted)
        {
            Exception? outcome = Outcome(step.AsTask());
            whenDone(outcome);
            return outcome is null;
        }

        Task pending = step.AsTask();
        _pending = pending;
        _whenPendingDone = whenDone;
        cell.Hold |= Hold.Pending;
        _step++;
        if (bounded)
        {
            Arm(SystemMessageKind.StopTimedOut, cell.StopTimeout);
        }

        // One step is pending at a time, so one word is enough.
        _stepDone ??= () => cell.PostSystem(_stepDoneWord ??= new SystemMessage(SystemMessageKind.StepDone));
        pending.GetAwaiter().UnsafeOnCompleted(_stepDone);
        return false;
    }

    /// <summary>Goes on when the handler of a message has ended. Returns false if it is pending or failed.</summary>
    public bool AwaitMessage(ValueTask handled) => Await(handled, _afterMessage ??= cell.AfterMessage);

    /// <summary>Suspends the actor and its children and asks the supervisor what to do.</summary>
    public void Fail(Exception cause, object? message, bool atStart)
    {
        cell.Hold |= Hold.Failed;
        _failures++;
        cell.Annex.NoteFailure(cause);
        cell.SetChildrenSuspended(true);
        if (cell.ParentCell is { } parent)
        {
            ActorFailure failure = new(cell, cause, message, atStart, _failures, _ordersSeen);
            parent.PostSystem(new SystemMessage(SystemMessageKind.ChildFailed, failure));
            return;
        }

        cell.System.Fail(cell.Path, cause);
        BeginStop();
    }

    /// <summary>Takes an ended child out; its name is free.</summary>
    public void ChildEnded(ActorCell child)
    {
        cell.Children.Remove(child);
        ContinueWithoutChildren();
    }

    private Change Changing => _change ??= new Change();

    private void Create(Exception? restartedAfter)
    {
        if (IsEnding)
        {
            return;
        }

        cell.Stage = ActorState.Starting;
        cell.Hold |= Hold.NotRunning;
        _instanceLeft = false;
        RunStep(
            () =>
            {
                ActorBase made = cell.CreateInstance();
                return restartedAfter is null ? made.Start() : made.AfterRestart(restartedAfter);
            },
            failure => Created(failure, restartedAfter));
    }

    private void Created(Exception? failure, Exception? restartedAfter)
    {
        if (failure is not null)
        {
            Fail(
                new ActorInitializationException($"{cell.Path} could not start: {failure.Message}", failure),
                message: null, atStart: true);
            return;
        }

        cell.Stage = ActorState.Running;
        cell.Hold &= ~(Hold.NotRunning | Hold.Failed);
        if (restartedAfter is null)
        {
            cell.TellStarted();
            return;
        }

        cell.NoteRestart();
        LetChildrenGoOn();
        cell.Supervision?.RestartEscalated();
        cell.TellRestarted(restartedAfter);
    }

    // Runs a step; a failure is its outcome, whether it comes now or later.
    private void RunStep(Func<ValueTask> step, Action<Exception?> whenDone, bool bounded = false)
    {
        ValueTask running;
        try
        {
            running = step();
        }
        catch (Exception failure)
        {
            whenDone(failure);
            return;
        }

        Await(running, whenDone, bounded);
    }

    private void LetChildrenGoOn()
    {
        if ((cell.Hold & (Hold.ParentSuspended | Hold.Failed | Hold.Restarting)) == Hold.None)
        {
            cell.SetChildrenSuspended(false);
        }
    }

    private void BeginRestart(RestartOrder order)
    {
        _ordersSeen++;
        if (IsEnding || _change?.Restart is not null)
        {
            return;
        }

        Changing.Restart = order;
        cell.Hold |= Hold.Restarting;
        cell.SetChildrenSuspended(true);
        WhenFree(LetInstanceGo);
    }

    private void LetInstanceGo()
    {
        _instanceLeft = true;
        if (cell.Actor is not { } actor)
        {
            // Its constructor failed: nobody else could stop the children that it made.
            StopChildren();
            AfterOldInstance(null);
            return;
        }

        RestartOrder order = _change!.Restart!;
        RunStep(() => actor.BeforeRestart(order.Cause, order.Message), AfterOldInstance, bounded: true);
    }

    private void AfterOldInstance(Exception? failure)
    {
        if (failure is not null)
        {
            NoteLifecycleFailure(failure);
            StopChildren();
        }

        cell.DropInstance();
        WhenChildrenGone(all: false, () =>
        {
            if (_change!.Restart!.Delay <= TimeSpan.Zero)
            {
                Recreate();
                return;
            }

            cell.Stage = ActorState.Backoff;
            cell.Hold |= Hold.NotRunning;
            Arm(SystemMessageKind.BackoffElapsed, _change.Restart.Delay);
        });
    }

    private void Recreate()
    {
        Exception cause = _change!.Restart!.Cause;
        _change!.Restart = null;
        cell.Hold &= ~Hold.Restarting;
        DisposeTimer();
        cell.ClearInstance();
        cell.AnnexOrNull?.ForgetStopSource();
        Create(cause);
    }

    private void BeginStop()
    {
        if (IsEnding)
        {
            return;
        }

        cell.IsStopRequested = true;
        cell.Stage = ActorState.Stopping;
        cell.Hold |= Hold.NotRunning;
        cell.CloseChildren();
        WhenFree(StopChildrenThenEnd);
    }

    private void StopChildren() => Array.ForEach(cell.Children.All(), static child => child.RequestStop());

    private void StopChildrenThenEnd()
    {
        StopChildren();
        WhenChildrenGone(all: true, () =>
        {
            if (cell.Actor is not { } actor || _instanceLeft)
            {
                End(null);
                return;
            }

            _instanceLeft = true;
            RunStep(actor.Stopped, End, bounded: true);
        });
    }

    private void End(Exception? failure)
    {
        NoteLifecycleFailure(failure);
        DisposeTimer();
        bool abandoned = cell.Stage == ActorState.Abandoned;
        cell.Stage = ActorState.Stopped;
        cell.End(abandoned);
    }

    // Runs the action once no step is pending; a step that does not end in time is left behind.
    private void WhenFree(Action action)
    {
        CancelStopToken();
        if ((cell.Hold & Hold.Pending) == Hold.None)
        {
            action();
            return;
        }

        Changing.WhenFree = action;
        Arm(SystemMessageKind.StopTimedOut, cell.StopTimeout);
    }

    private void CancelStopToken()
    {
        try
        {
            cell.Annex.CancelStopSource();
        }
        catch (AggregateException failure)
        {
            NoteLifecycleFailure(failure);
        }
    }

    private void PendingDone()
    {
        Action<Exception?> whenDone = _whenPendingDone!;
        Exception? outcome = Outcome(_pending!);
        DisposeTimer();
        ForgetPending();
        if (_change?.WhenFree is not { } free)
        {
            whenDone(outcome);
            return;
        }

        _change.WhenFree = null;
        NoteLifecycleFailure(outcome is OperationCanceledException ? null : outcome);
        free();
    }

    private void ForgetPending()
    {
        _whenPendingDone = null;
        _pending = null;
        cell.Hold &= ~Hold.Pending;
    }

    private static Exception? Outcome(Task ended)
    {
        if (!ended.IsCanceled)
        {
            // Not by throwing it once more: that would cost as much as the failure itself.
            return ended.Exception?.InnerException;
        }

        try
        {
            ended.GetAwaiter().GetResult();
            return null;
        }
        catch (OperationCanceledException cancelled)
        {
            return cancelled;
        }
    }

    private void Abandon()
    {
        cell.System.Logger.Abandoned(cell.Path);
        cell.IsStopRequested = true;
        _instanceLeft = true;
        Changing.WhenFree = null;
        cell.Stage = ActorState.Abandoned;
        cell.Hold |= Hold.NotRunning;
        ForgetPending();
        cell.LeaveBehind();
        cell.CloseChildren();
        StopChildrenThenEnd();
    }

    private void WhenChildrenGone(bool all, Action action)
    {
        Changing.WaitsForAllChildren = all;
        Changing.WhenChildrenGone = action;
        ContinueWithoutChildren();
    }

    private void ContinueWithoutChildren()
    {
        if (_change is not { WhenChildrenGone: { } action } change)
        {
            return;
        }

        bool gone = change.WaitsForAllChildren
            ? cell.Children.IsEmpty
            : !Array.Exists(cell.Children.All(), static child => child.IsStopRequested);
        if (gone)
        {
            change.WhenChildrenGone = null;
            action();
        }
    }

    private void Arm(SystemMessageKind kind, TimeSpan delay)
    {
        DisposeTimer();
        long step = _step;
        Changing.Timer = cell.System.Time.CreateTimer(
            _ => cell.PostSystem(new SystemMessage(kind, null, step)), null, delay, Timeout.InfiniteTimeSpan);
    }

    private void DisposeTimer()
    {
        if (_change?.Timer is { } timer)
        {
            timer.Dispose();
            _change.Timer = null;
        }
    }

    private void NoteLifecycleFailure(Exception? failure)
    {
        if (failure is not null)
        {
            cell.Annex.NoteFailure(failure);
            cell.System.Logger.LifecycleFailed(failure, cell.Path);
        }
    }

    /// <summary>What is needed only while the actor restarts, ends, or a bounded step is pending.</summary>
    private sealed class Change
    {
        public Action? WhenFree { get; set; }

        public Action? WhenChildrenGone { get; set; }

        public bool WaitsForAllChildren { get; set; }

        public RestartOrder? Restart { get; set; }

        public ITimer? Timer { get; set; }
    }
}
