namespace SigmaComms.Actors;

/// <summary>A message that nobody will handle.</summary>
/// <param name="Message">The message.</param>
/// <param name="Sender">Who sent it, or null.</param>
/// <param name="Recipient">Whom it was for.</param>
/// <param name="Reason">Why it was not handled.</param>
public sealed record DeadLetter(object Message, IActorRef? Sender, IActorRef Recipient, string Reason);
