namespace SigmaComms.Actors;

/// <summary>An actor's timers. A cancelled or replaced timer never arrives, even if it had fired already.</summary>
public interface ITimerScheduler
{
    /// <summary>Sends the message once after the delay; replaces the timer of that key.</summary>
    /// <param name="key">Names the timer.</param>
    /// <param name="message">What to receive.</param>
    /// <param name="delay">At least zero.</param>
    void StartSingle(object key, object message, TimeSpan delay);

    /// <summary>Sends the message again and again, the interval counted from the end of its handling.</summary>
    /// <param name="key">Names the timer.</param>
    /// <param name="message">What to receive.</param>
    /// <param name="interval">More than zero.</param>
    void StartPeriodic(object key, object message, TimeSpan interval);

    /// <summary>Ends a timer.</summary>
    /// <param name="key">Names the timer.</param>
    void Cancel(object key);

    /// <summary>Whether the timer will still arrive.</summary>
    /// <param name="key">Names the timer.</param>
    bool IsActive(object key);
}
