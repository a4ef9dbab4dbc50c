using SigmaComms.Actors.Supervision;

namespace SigmaComms.Actors.Health;

/// <summary>
/// Published when a supervisor has decided about a failure. The runtime writes it to its log only where nobody takes
/// the event.
/// </summary>
/// <param name="Actor">Who failed.</param>
/// <param name="Type">Name of its class.</param>
/// <param name="Cause">Why.</param>
/// <param name="Directive">What was decided.</param>
/// <param name="Restarts">Restarts in its life, before this decision.</param>
public sealed record ActorFailed(ActorPath Actor, string Type, Exception Cause, Directive Directive, int Restarts);
