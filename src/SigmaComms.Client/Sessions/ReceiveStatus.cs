namespace SigmaComms.Client.Sessions;

/// <summary>What became of a message from the mailbox.</summary>
internal enum ReceiveStatus
{
    /// <summary>Opened; durable with the next commit.</summary>
    Taken,

    /// <summary>It was here before; only acknowledged again.</summary>
    Repeat,

    /// <summary>It is no message of this peer, and never will be: acknowledged and dropped.</summary>
    Dropped,

    /// <summary>No room, or the peer's identity is not accepted: left with the mailbox.</summary>
    TurnedAway,
}
