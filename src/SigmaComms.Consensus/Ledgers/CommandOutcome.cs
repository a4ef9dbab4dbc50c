namespace SigmaComms.Consensus.Ledgers;

/// <summary>What became of a command in a block.</summary>
public enum CommandOutcome : byte
{
    /// <summary>Not a value.</summary>
    None = 0,

    /// <summary>The machine executed it; the reply is the machine's, which may be a refusal.</summary>
    Executed = 1,

    /// <summary>It was executed before; the reply is the one of then.</summary>
    Repeated = 2,

    /// <summary>It was executed before; the reply is no longer kept, only its digest.</summary>
    ReplyForgotten = 3,

    /// <summary>The sequence number was used for another command; not executed.</summary>
    SequenceReused = 4,

    /// <summary>
    /// The sequence number is more than 63 behind the session's last one; it is not known whether it ran.
    /// </summary>
    SequenceTooOld = 5,

    /// <summary>Another signer opened the session; not executed.</summary>
    NotSessionOwner = 6,

    /// <summary>
    /// The session is not known, and the command is not fit to open one: it was issued before a forgotten session was
    /// last used, so that it could be a repeat, or its number is over 64. Not executed now; whether it ever was is not
    /// known. Open a session with a new id.
    /// </summary>
    SessionUnknown = 7,

    /// <summary>
    /// It was issued over 10 s ahead of the log's time, which is the reply: 8 bytes, UTC ticks. Not executed.
    /// </summary>
    ClockAhead = 8,

    /// <summary>There is no state machine of this number; not executed.</summary>
    MachineUnknown = 9,

    /// <summary>The signer is no member, and no member vouches for its key; not executed.</summary>
    SignerUnknown = 10,

    /// <summary>
    /// The signer has as many sessions as it may, all used within the last hour; not executed. Use one of them.
    /// </summary>
    SessionsFull = 11,

    /// <summary>The signer left behind as much as it may; not executed.</summary>
    ShareSpent = 12,
}
