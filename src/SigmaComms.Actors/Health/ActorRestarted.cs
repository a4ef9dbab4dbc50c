namespace SigmaComms.Actors.Health;

/// <summary>Published when an actor runs again after a failure.</summary>
/// <param name="Actor">Where it stands.</param>
/// <param name="Type">Name of its class.</param>
/// <param name="Restarts">Restarts in its life, this one included.</param>
/// <param name="Cause">The failure.</param>
public sealed record ActorRestarted(ActorPath Actor, string Type, int Restarts, Exception Cause);
