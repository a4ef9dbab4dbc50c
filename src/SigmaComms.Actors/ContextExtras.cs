using SigmaComms.Actors.Scheduling;

namespace SigmaComms.Actors;

/// <summary>What few instances need: other behaviours, timers, a receive time-out.</summary>
internal sealed class ContextExtras
{
    /// <summary>The behaviours above the instance's own; the top one handles messages.</summary>
    public Stack<Func<object, ValueTask>> Behaviors { get; } = new();

    /// <summary>Its timers, or null.</summary>
    public ActorTimers? Timers { get; set; }

    /// <summary>Its receive time-out, or null.</summary>
    public ReceiveTimeoutClock? ReceiveTimeout { get; set; }

    /// <summary>The timer whose message is being handled, or null.</summary>
    public ActorTimer? Firing { get; set; }
}
