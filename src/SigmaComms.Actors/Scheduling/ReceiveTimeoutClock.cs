using SigmaComms.Actors.Mailboxes;

namespace SigmaComms.Actors.Scheduling;

/// <summary>Measures the silence in one actor's mailbox. One timer runs, however many messages come.</summary>
internal sealed class ReceiveTimeoutClock : IDisposable
{
    private readonly ActorCell _owner;
    private readonly TimeSpan _timeout;
    private readonly ITimer _timer;
    private long _last;

    public ReceiveTimeoutClock(ActorCell owner, TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        _owner = owner;
        _timeout = timeout;
        _last = owner.System.Time.GetTimestamp();
        RuntimeNotice arrival = new(RuntimeNoticeKind.Silence, this);
        _timer = owner.System.Time.CreateTimer(
            _ => owner.PostNotice(arrival), null, timeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A message came, or its handling ended.</summary>
    public void Note() => _last = _owner.System.Time.GetTimestamp();

    /// <summary>Whether it was silent long enough; sets the timer for the rest, or for the next time.</summary>
    public bool IsDue()
    {
        TimeSpan silent = _owner.System.Time.GetElapsedTime(_last);
        bool due = silent >= _timeout;
        if (due)
        {
            Note();
        }

        _timer.Change(due ? _timeout : _timeout - silent, Timeout.InfiniteTimeSpan);
        return due;
    }

    public void Dispose() => _timer.Dispose();
}
