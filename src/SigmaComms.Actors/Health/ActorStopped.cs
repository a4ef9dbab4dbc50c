namespace SigmaComms.Actors.Health;

/// <summary>Published when an actor has ended.</summary>
/// <param name="Actor">Where it stood.</param>
/// <param name="Type">Name of its class.</param>
/// <param name="Abandoned">Whether its last handler did not end in time and was left behind.</param>
public sealed record ActorStopped(ActorPath Actor, string Type, bool Abandoned);
