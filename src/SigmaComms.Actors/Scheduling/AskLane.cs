using SigmaComms.Actors.Mailboxes;

namespace SigmaComms.Actors.Scheduling;

/// <summary>All asks with one time-out, in the order they began, on one timer.</summary>
internal sealed class AskLane
{
    private static readonly TimeSpan Never = global::System.Threading.Timeout.InfiniteTimeSpan;

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private SpinGate _gate;
    private AskPromise? _first;
    private AskPromise? _last;
    private bool _armed;

    public AskLane(TimeProvider time, TimeSpan timeout)
    {
        _time = time;
        Timeout = timeout;
        _timer = time.CreateTimer(
            _ => FailOverdue(), null, Never,
            Never);
    }

    public TimeSpan Timeout { get; }

    public void Add(AskPromise ask)
    {
        ask.Lane = this;
        _gate.Enter();
        ask.Began = CoarseClock.Read(_time);
        ask.PreviousOfClock = _last;
        if (_last is null)
        {
            _first = ask;
        }
        else
        {
            _last.NextOfClock = ask;
        }

        _last = ask;
        bool arms = !_armed;
        _armed = true;
        _gate.Exit();
        if (arms)
        {
            Arm(Timeout);
        }
    }

    public void Remove(AskPromise ask)
    {
        _gate.Enter();
        Unlink(ask);
        _gate.Exit();
    }

    private void FailOverdue()
    {
        while (TakeOverdue() is { } overdue)
        {
            overdue.FailTimeout();
        }
    }

    // The next ask whose time is over; without one, sets the timer for the first of the others.
    private AskPromise? TakeOverdue()
    {
        _gate.Enter();
        AskPromise? first = _first;
        TimeSpan left = first is null ? Never : Timeout - CoarseClock.Elapsed(_time, first.Began);
        bool isOverdue = first is not null && left <= TimeSpan.Zero;
        if (isOverdue)
        {
            Unlink(first!);
        }

        _armed = first is not null;
        _gate.Exit();
        if (isOverdue)
        {
            return first;
        }

        if (first is not null)
        {
            Arm(left);
        }

        return null;
    }

    private void Arm(TimeSpan after) => _timer.Change(after, Never);

    private void Unlink(AskPromise ask)
    {
        if (!ReferenceEquals(_first, ask) && ask.PreviousOfClock is null)
        {
            return;
        }

        if (ask.PreviousOfClock is { } before)
        {
            before.NextOfClock = ask.NextOfClock;
        }
        else
        {
            _first = ask.NextOfClock;
        }

        if (ask.NextOfClock is { } after)
        {
            after.PreviousOfClock = ask.PreviousOfClock;
        }
        else
        {
            _last = ask.PreviousOfClock;
        }

        ask.PreviousOfClock = null;
        ask.NextOfClock = null;
    }
}
