namespace SigmaComms.Actors.Supervision;

/// <summary>One failure on its way to the supervisor.</summary>
internal sealed record ActorFailure(ActorCell Child, Exception Cause, object? Message, bool AtStart);
