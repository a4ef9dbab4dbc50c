namespace SigmaComms.Actors;

/// <summary>Tells a watcher that the actor has ended; comes after every message that the actor sent to it.</summary>
/// <param name="Actor">Who ended.</param>
/// <param name="Abandoned">Its last handler did not end in time and was left behind.</param>
public sealed record Terminated(IActorRef Actor, bool Abandoned = false);
