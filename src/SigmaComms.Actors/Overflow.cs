namespace SigmaComms.Actors;

/// <summary>What a full mailbox does with the next message.</summary>
public enum Overflow : byte
{
    /// <summary>Refuses it: the sender sees <see cref="SendResult.Full"/>, the message is a dead letter.</summary>
    Reject,

    /// <summary><see cref="IActorRef.TellAsync"/> waits for room; the other ways of sending are refused.</summary>
    Wait,

    /// <summary>Drops the new message.</summary>
    DropNewest,

    /// <summary>Drops the oldest message that the actor has not yet claimed for its turn.</summary>
    DropOldest,
}
