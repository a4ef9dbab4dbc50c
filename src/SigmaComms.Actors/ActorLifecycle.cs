using System.Security.Cryptography;
using SigmaComms.Actors.Health;
using SigmaComms.Actors.Mailboxes;
using SigmaComms.Actors.Supervision;

namespace SigmaComms.Actors;

/// <summary>
/// Start, failure, restart and end of one actor, and its part as a supervisor. Steps that may be pending (handlers,
/// PreStart and the like) run one at a time; what must wait for them is kept as a continuation. All members but the
/// flags run in the cell's turn.
/// </summary>
#pragma warning disable CA1001 // The source has no timer to release, and handlers left behind may still read its token.
internal sealed class ActorLifecycle(ActorCell cell, TimeSpan stopTimeout)
#pragma warning restore CA1001
{
    private CancellationTokenSource _stop = new();
    private ActorState _state = ActorState.Starting;
    private bool _failed;
    private bool _parentSuspended;
    private bool _abandoned;
    private Task? _pending;
    private Action<Exception?>? _whenPendingDone;
    private Action? _whenFree;
    private Action? _whenChildrenGone;
    private bool _waitForAllChildren;
    private long _generation;
    private RestartOrder? _restart;
    private ITimer? _timer;

    /// <summary>Set by whoever asks for the end, before the word of it arrives.</summary>
    public bool StopRequested { get; set; }

    public CancellationToken StopToken => _stop.Token;

    public bool HasEnded => _state == ActorState.Stopped;

    public bool IsEnding => _state is ActorState.Stopping or ActorState.Abandoned or ActorState.Stopped;

    public bool AcceptsMessages =>
        _state == ActorState.Running && _whenPendingDone is null && !_parentSuspended && !_failed;

    public ActorState State => _state switch
    {
        ActorState.Running when _failed || _parentSuspended => ActorState.Suspended,
        ActorState.Running when _whenPendingDone is not null => ActorState.Awaiting,
        _ => _state,
    };

    public void Handle(in SystemMessage word)
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
                SetParentSuspended(true);
                break;
            case SystemMessageKind.Resume:
                Resume();
                break;
            case SystemMessageKind.Restart:
                BeginRestart((RestartOrder)word.Subject!);
                break;
            case SystemMessageKind.BackoffElapsed when word.Generation == _generation && !IsEnding:
                Recreate();
                break;
            case SystemMessageKind.StepDone when word.Generation == _generation:
                PendingDone();
                break;
            case SystemMessageKind.StopTimedOut when word.Generation == _generation && _whenFree is not null:
                Abandon();
                break;
            case SystemMessageKind.ChildFailed:
                Supervise((ActorFailure)word.Subject!);
                break;
            case SystemMessageKind.ChildTerminated:
                ChildEnded((ActorCell)word.Subject!);
                break;
            default:
                break;
        }
    }

    /// <summary>Runs a step. Returns false if it is pending or failed; the continuation gets its outcome.</summary>
    public bool RunStep(Func<ValueTask> step, Action<Exception?> whenDone)
    {
        ValueTask running;
        try
        {
            running = step();
        }
        catch (Exception failure)
        {
            whenDone(failure);
            return false;
        }

        return Await(running, whenDone);
    }

    /// <summary>Goes on when the step has ended. Returns false if it is pending or failed.</summary>
    public bool Await(ValueTask step, Action<Exception?> whenDone)
    {
        if (step.IsCompletedSuccessfully)
        {
            whenDone(null);
            return true;
        }

        Task pending = step.AsTask();
        _pending = pending;
        _whenPendingDone = whenDone;
        long generation = ++_generation;
        pending.GetAwaiter().UnsafeOnCompleted(() =>
            cell.PostSystem(new SystemMessage(SystemMessageKind.StepDone, null, generation)));
        return false;
    }

    /// <summary>Suspends the actor and its children and asks the supervisor what to do.</summary>
    public void Fail(Exception cause, object? message, bool atStart)
    {
        _failed = true;
        cell.Health.NoteFailure(cause);
        SuspendChildren();
        ActorFailure failure = new(cell, cause, message, atStart);
        if (cell.ParentCell is { } parent)
        {
            parent.PostSystem(new SystemMessage(SystemMessageKind.ChildFailed, failure));
            return;
        }

        cell.System.Fail(cell.Path, cause);
        BeginStop();
    }

    private void Create(Exception? restartedAfter)
    {
        if (IsEnding)
        {
            return;
        }

        _state = ActorState.Starting;
        RunStep(
            () =>
            {
                cell.CreateInstance();
                return restartedAfter is null ? cell.Actor!.Start() : cell.Actor!.AfterRestart(restartedAfter);
            },
            failure => Created(failure, restartedAfter is not null));
    }

    private void Created(Exception? failure, bool restarted)
    {
        if (failure is not null)
        {
            Fail(
                new ActorInitializationException($"{cell.Path} could not start: {failure.Message}", failure),
                message: null, atStart: true);
            return;
        }

        _state = ActorState.Running;
        _failed = false;
        if (restarted)
        {
            cell.Health.Restarts++;
            ResumeChildren();
        }
    }

    private void SetParentSuspended(bool suspended)
    {
        _parentSuspended = suspended;
        SuspendChildren();
    }

    private void SuspendChildren()
    {
        foreach (ActorCell child in cell.ChildCells)
        {
            child.PostSystem(new SystemMessage(SystemMessageKind.Suspend));
        }
    }

    private void Resume()
    {
        _parentSuspended = false;
        if (_state == ActorState.Running)
        {
            _failed = false;
            ResumeChildren();
        }
    }

    private void ResumeChildren()
    {
        foreach (ActorCell child in cell.ChildCells)
        {
            child.PostSystem(new SystemMessage(SystemMessageKind.Resume));
        }
    }

    private void Supervise(ActorFailure failure)
    {
        if (IsEnding)
        {
            return;
        }

        SupervisorStrategy strategy = cell.Actor?.Strategy ?? SupervisorStrategy.Default;
        Directive directive = Decide(strategy, failure);
        if (directive == Directive.Restart && !failure.Child.RestartWindow.TryNote(strategy, cell.System.Time))
        {
            directive = Directive.Stop;
        }

        cell.System.Logger.ActorFailed(
            failure.Cause, failure.Child.Path, failure.Child.Snapshot().Type, directive,
            failure.Child.Health.Restarts);
        ActorCell[] treated = strategy.AllChildren ? cell.ChildTable.All() : [failure.Child];
        Carry(directive, strategy, failure, treated);
    }

    private static Directive Decide(SupervisorStrategy strategy, ActorFailure failure)
    {
        try
        {
            Exception cause = failure.Cause is ActorInitializationException { InnerException: { } inner }
                ? inner
                : failure.Cause;
            Directive directive = strategy.Decider(cause);
            bool goesOn = directive is Directive.Restart or Directive.Resume;
            if (failure.AtStart && goesOn)
            {
                return strategy.Backoff is null ? Directive.Stop : Directive.Restart;
            }

            return directive;
        }
        catch (Exception)
        {
            // A decider that fails cannot be trusted with this failure: the supervisor above decides.
            return Directive.Escalate;
        }
    }

    private void Carry(Directive directive, SupervisorStrategy strategy, ActorFailure failure, ActorCell[] treated)
    {
        switch (directive)
        {
            case Directive.Resume:
                failure.Child.PostSystem(new SystemMessage(SystemMessageKind.Resume));
                break;
            case Directive.Restart:
                double fraction = RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20);
                TimeSpan delay = failure.Child.RestartWindow.Delay(strategy, fraction);
                RestartOrder order = new(failure.Cause, failure.Message, delay);
                foreach (ActorCell child in treated)
                {
                    child.PostSystem(new SystemMessage(SystemMessageKind.Restart, order));
                }

                break;
            case Directive.Stop:
                foreach (ActorCell child in treated)
                {
                    child.RequestStop();
                }

                break;
            default:
                Fail(failure.Cause, message: null, atStart: false);
                break;
        }
    }

    private void BeginRestart(RestartOrder order)
    {
        if (IsEnding || _restart is not null)
        {
            return;
        }

        _restart = order;
        _failed = true;
        WhenFree(() =>
        {
            if (cell.Actor is null)
            {
                AfterOldInstance(null);
                return;
            }

            RunStep(() => cell.Actor.BeforeRestart(order.Cause, order.Message), AfterOldInstance);
        });
    }

    private void AfterOldInstance(Exception? failure)
    {
        NoteLifecycleFailure(failure);
        WhenChildrenGone(all: false, () =>
        {
            if (_restart!.Delay <= TimeSpan.Zero)
            {
                Recreate();
                return;
            }

            _state = ActorState.Backoff;
            Arm(SystemMessageKind.BackoffElapsed, _restart.Delay);
        });
    }

    private void Recreate()
    {
        Exception cause = _restart!.Cause;
        _restart = null;
        DisposeTimer();
        cell.ClearInstance();
        _stop = new CancellationTokenSource();
        Create(cause);
    }

    private void BeginStop()
    {
        if (IsEnding)
        {
            return;
        }

        _state = ActorState.Stopping;
        WhenFree(StopChildrenThenEnd);
    }

    private void StopChildrenThenEnd()
    {
        foreach (ActorCell child in cell.ChildCells)
        {
            child.RequestStop();
        }

        WhenChildrenGone(all: true, () =>
        {
            if (_abandoned || cell.Actor is null)
            {
                End(null);
                return;
            }

            RunStep(() => cell.Actor.Stopped(), End);
        });
    }

    private void End(Exception? failure)
    {
        NoteLifecycleFailure(failure);
        DisposeTimer();
        _state = ActorState.Stopped;
        cell.End(_abandoned);
    }

    // Runs the action once no step is pending; a step that does not end in time is left behind.
    private void WhenFree(Action action)
    {
        CancelStopToken();
        if (_whenPendingDone is null)
        {
            action();
            return;
        }

        _whenFree = action;
        Arm(SystemMessageKind.StopTimedOut, stopTimeout);
    }

    private void CancelStopToken()
    {
        try
        {
            _stop.Cancel();
        }
        catch (AggregateException failure)
        {
            NoteLifecycleFailure(failure);
        }
    }

    private void PendingDone()
    {
        Action<Exception?>? whenDone = _whenPendingDone;
        Task? pending = _pending;
        _whenPendingDone = null;
        _pending = null;
        Exception? outcome = Outcome(pending);
        if (_whenFree is not { } free)
        {
            whenDone?.Invoke(outcome);
            return;
        }

        _whenFree = null;
        DisposeTimer();
        NoteLifecycleFailure(outcome is OperationCanceledException ? null : outcome);
        free();
    }

    private static Exception? Outcome(Task? pending)
    {
        try
        {
            pending?.GetAwaiter().GetResult();
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    private void Abandon()
    {
        cell.System.Logger.Abandoned(cell.Path);
        _generation++;
        _abandoned = true;
        _whenPendingDone = null;
        _whenFree = null;
        _restart = null;
        _state = ActorState.Abandoned;
        StopChildrenThenEnd();
    }

    private void ChildEnded(ActorCell child)
    {
        cell.ChildTable.Remove(child);
        ContinueWithoutChildren();
    }

    private void WhenChildrenGone(bool all, Action action)
    {
        _waitForAllChildren = all;
        _whenChildrenGone = action;
        ContinueWithoutChildren();
    }

    private void ContinueWithoutChildren()
    {
        if (_whenChildrenGone is not { } action)
        {
            return;
        }

        bool gone = _waitForAllChildren
            ? cell.ChildTable.IsEmpty
            : !cell.ChildCells.Any(child => child.IsStopRequested);
        if (gone)
        {
            _whenChildrenGone = null;
            action();
        }
    }

    private void Arm(SystemMessageKind kind, TimeSpan delay)
    {
        DisposeTimer();
        long generation = _generation;
        _timer = cell.System.Time.CreateTimer(
            _ => cell.PostSystem(new SystemMessage(kind, null, generation)),
            null, delay, Timeout.InfiniteTimeSpan);
    }

    private void DisposeTimer()
    {
        _timer?.Dispose();
        _timer = null;
    }

    private void NoteLifecycleFailure(Exception? failure)
    {
        if (failure is not null)
        {
            cell.Health.NoteFailure(failure);
            cell.System.Logger.LifecycleFailed(failure, cell.Path);
        }
    }
}
