namespace SigmaComms.Actors.Mailboxes;

/// <summary>A message with its sender, as it lies in a mailbox.</summary>
internal readonly record struct Envelope(object Message, IActorRef? Sender);
