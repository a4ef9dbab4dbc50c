namespace SigmaComms.Actors.Health;

/// <summary>
/// Published when a mailbox is three quarters full; again only after the actor has emptied it in between.
/// </summary>
/// <param name="Actor">Whose mailbox it is.</param>
/// <param name="Type">Name of its class.</param>
/// <param name="Depth">Messages in it.</param>
/// <param name="Capacity">Messages that it holds.</param>
public sealed record MailboxAboveHighWater(ActorPath Actor, string Type, int Depth, int Capacity);
