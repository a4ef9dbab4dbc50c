namespace SigmaComms.Actors.Scheduling;

/// <summary>All asks with one time-out, in the order they began, on one timer.</summary>
internal sealed class AskLane
{
    private static readonly TimeSpan Never = global::System.Threading.Timeout.InfiniteTimeSpan;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
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
        lock (_gate)
        {
            ask.Began = CoarseClock.Read(_time);
            ask.Lane = this;
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
            if (!_armed)
            {
                _armed = true;
                Arm(Timeout);
            }
        }
    }

    public void Remove(AskPromise ask)
    {
        lock (_gate)
        {
            Unlink(ask);
        }
    }

    private void FailOverdue()
    {
        List<AskPromise> overdue = [];
        lock (_gate)
        {
            _armed = false;
            while (_first is { } ask)
            {
                TimeSpan left = Timeout - CoarseClock.Elapsed(_time, ask.Began);
                if (left > TimeSpan.Zero)
                {
                    _armed = true;
                    Arm(left);
                    break;
                }

                Unlink(ask);
                overdue.Add(ask);
            }
        }

        overdue.ForEach(static ask => ask.FailTimeout());
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
