namespace SigmaComms.Client.Sessions;

/// <summary>An input for a session that runs already.</summary>
internal sealed record ToOpenSession(ConversationKey Key, SessionInput Input);
