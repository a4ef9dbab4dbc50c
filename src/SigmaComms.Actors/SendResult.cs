namespace SigmaComms.Actors;

/// <summary>What became of a message at the moment it was sent.</summary>
public enum SendResult : byte
{
    /// <summary>It is in the mailbox.</summary>
    Accepted,

    /// <summary>The mailbox is full; the message is a dead letter.</summary>
    Full,

    /// <summary>The mailbox's policy dropped it.</summary>
    Dropped,

    /// <summary>The actor has ended.</summary>
    Terminated,

    /// <summary>It is larger than its way allows.</summary>
    TooLarge,

    /// <summary>It has no encoding for the wire.</summary>
    NoCodec,

    /// <summary>The actor's node cannot be reached.</summary>
    Unreachable,
}
