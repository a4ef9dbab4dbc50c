using SigmaComms.Actors.Mailboxes;

namespace SigmaComms.Actors.Scheduling;

/// <summary>One timer under its key. A replaced timer is another object, so that its late arrival is known.</summary>
internal sealed class ActorTimer : IDisposable
{
    private readonly ITimer _timer;

    public ActorTimer(ActorCell owner, object key, object message, TimeSpan? interval)
    {
        Key = key;
        Message = message;
        Interval = interval;
        RuntimeNotice arrival = new(RuntimeNoticeKind.Timer, this);
        _timer = owner.System.Time.CreateTimer(
            _ => owner.PostNotice(arrival), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public object Key { get; }

    public object Message { get; }

    /// <summary>From the end of one handling to the next arrival, or null for a single arrival.</summary>
    public TimeSpan? Interval { get; }

    public void Arm(TimeSpan delay) => _timer.Change(delay, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();
}
