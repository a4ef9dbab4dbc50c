using SigmaComms.Actors.Mailboxes;

namespace SigmaComms.Actors.Scheduling;

/// <summary>One timer under its key. A replaced timer is another object, so that its late arrival is known.</summary>
internal sealed class ActorTimer(ActorCell owner, object key, object message, TimeSpan interval) : IDisposable
{
    private ITimer? _timer;

    public object Key => key;

    public object Message => message;

    /// <summary>From the end of one handling to the next arrival, or zero for a single arrival.</summary>
    public TimeSpan Interval => interval;

    /// <summary>Lets it arrive after the delay. The caller holds the gate of the actor's timers.</summary>
    public void Arm(TimeSpan delay)
    {
        if (_timer is null)
        {
            // At once with its time, and without a closure: most timers are cancelled before they arrive.
            _timer = owner.System.Time.CreateTimer(
                static timer => ((ActorTimer)timer!).Arrive(), this, delay, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _timer.Change(delay, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Arrive() => owner.PostNotice(new RuntimeNotice(RuntimeNoticeKind.Timer, this));
}
