namespace SigmaComms.Client.Sessions;

/// <summary>What became of a message from the mailbox.</summary>
internal enum ReceiveStatus
{
    /// <summary>Opened; durable with the next commit.</summary>
    Taken,

    /// <summary>It was here before; only acknowledged again.</summary>
    Repeat,

    /// <summary>
    /// It cannot be opened or kept, and never will be: acknowledged and dropped. If the peer sent it, it has it still,
    /// and is asked to seal it again.
    /// </summary>
    Dropped,

    /// <summary>No room, or the peer's identity is not accepted: left with the mailbox.</summary>
    TurnedAway,

    /// <summary>Too far ahead shortly after a forged one: left with the mailbox until the pause is over.</summary>
    Postponed,
}
