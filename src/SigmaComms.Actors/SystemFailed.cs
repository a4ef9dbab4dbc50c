namespace SigmaComms.Actors;

/// <summary>Published when nobody above could help with a failure: the process is no longer healthy.</summary>
/// <param name="Actor">Whose failure it was.</param>
/// <param name="Cause">The failure.</param>
public sealed record SystemFailed(ActorPath Actor, Exception Cause);
