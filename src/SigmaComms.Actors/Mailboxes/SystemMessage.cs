namespace SigmaComms.Actors.Mailboxes;

/// <summary>One word of the runtime to an actor's cell; never dropped, always before the next user message.</summary>
internal readonly record struct SystemMessage(SystemMessageKind Kind, object? Subject = null, long Generation = 0);
