namespace SigmaComms.Actors.Scheduling;

/// <summary>A timer's arrival in the mailbox; it counts only if its generation is still the key's.</summary>
internal sealed record TimerFired(ActorTimers Timers, object Key, long Generation);
