namespace SigmaComms.Actors.Health;

/// <summary>
/// Published while a handler holds its thread for more than a tenth of a second; at most every ten seconds for one
/// actor. The runtime writes it to its log only where nobody takes the event.
/// </summary>
/// <param name="Actor">Whose handler it is.</param>
/// <param name="Type">Name of its class.</param>
/// <param name="For">How long so far.</param>
public sealed record HandlerHoldsThread(ActorPath Actor, string Type, TimeSpan For);
