namespace SigmaComms.Actors.Health;

/// <summary>Published when an actor has started for the first time.</summary>
/// <param name="Actor">Where it stands.</param>
/// <param name="Type">Name of its class.</param>
public sealed record ActorStarted(ActorPath Actor, string Type);
