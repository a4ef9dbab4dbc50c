namespace SigmaComms.Actors;

/// <summary>Published when a failure was escalated above the top of the tree: the process is no longer healthy.</summary>
/// <param name="Actor">Whose failure it was.</param>
/// <param name="Cause">The failure.</param>
public sealed record SystemFailed(ActorPath Actor, Exception Cause);
