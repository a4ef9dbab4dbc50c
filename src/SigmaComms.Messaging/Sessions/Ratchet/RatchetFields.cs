namespace SigmaComms.Messaging.Sessions.Ratchet;

/// <summary>
/// The public part of a session's state, as a value: a message is worked out on a copy, and the copy becomes the
/// state only if all went well. The arrays are never written to after they are set.
/// </summary>
internal struct RatchetFields
{
    /// <summary>When the initiator began.</summary>
    public ulong CreatedMs;

    /// <summary>Whether the next message to send begins a turn, with a new ratchet key.</summary>
    public bool TurnPending;

    /// <summary>Number of the next message to send in this turn's chain.</summary>
    public uint SendN;

    /// <summary>Messages sent in the turn before.</summary>
    public uint PreviousSendN;

    /// <summary>This side's ratchet key of the current turn; empty before the first.</summary>
    public byte[] DhPublic;

    /// <summary>The peer's ratchet key; at the initiator at first the signed prekey.</summary>
    public byte[] PeerDh;

    /// <summary>Serial number of the current receiving chain; 0 while there is none.</summary>
    public uint ReceiveSerial;

    /// <summary>Number of the next message expected in the current receiving chain.</summary>
    public uint ReceiveN;

    /// <summary>Epoch of the current receiving chain.</summary>
    public uint ReceiveEpoch;

    /// <summary>The number, in the epoch's chain, of the receiving chain's first message.</summary>
    public uint ReceivePqBase;

    /// <summary>The newest epoch; all messages sent are in it.</summary>
    public uint Epoch;

    /// <summary>Number of the next message to send in the epoch's chain.</summary>
    public uint SendPqN;

    /// <summary>Whether the newest epoch's receiving chain waits for the peer's next turn.</summary>
    public bool HasPqReceiveNext;

    /// <summary>Whether this side published the last encapsulation key, and so the peer is the one to step.</summary>
    public bool HasKemSeed;

    /// <summary>The peer's encapsulation key, when this side is the one to step; else empty.</summary>
    public byte[] PeerKemKey;

    /// <summary>What travels with every message until it is acknowledged; else empty.</summary>
    public byte[] KemPart;

    /// <summary>Messages, both ways, since this side's last step; counted up to the limit that makes one due.</summary>
    public uint MessagesSinceStep;

    /// <summary>When this side last stepped, or the session's start.</summary>
    public ulong LastStepMs;

    /// <summary>Whether the user asked for fresh keys.</summary>
    public bool StepRequested;

    /// <summary>Whether the peer asked this side to step.</summary>
    public bool StepWanted;

    /// <summary>Whether this turn's messages ask the peer to step.</summary>
    public bool AskStep;

    /// <summary>Whether there is a receiving chain.</summary>
    public readonly bool HasReceiveChain => ReceiveSerial != 0;

    /// <summary>Counts a message towards the next step.</summary>
    public void CountMessage() =>
        MessagesSinceStep += MessagesSinceStep < SessionLimits.EpochMessages ? 1u : 0u;
}
