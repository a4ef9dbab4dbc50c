namespace SigmaComms.Consensus.Membership;

/// <summary>What became of a command to the membership.</summary>
public enum MembershipStatus : byte
{
    /// <summary>Not a value.</summary>
    None = 0,

    /// <summary>Done.</summary>
    Done = 1,

    /// <summary>Counted; more validators must support the change. The reply says how many are still missing.</summary>
    Counted = 2,

    /// <summary>The payload is no command.</summary>
    Malformed = 3,

    /// <summary>The signer may not do this.</summary>
    NotAllowed = 4,

    /// <summary>There is no such node.</summary>
    NodeUnknown = 5,

    /// <summary>The node is a member already.</summary>
    AlreadyMember = 6,

    /// <summary>A signature inside the command is not good, or the voting key belongs to another node.</summary>
    BadSignature = 7,

    /// <summary>The node's state does not allow this now.</summary>
    WrongState = 8,

    /// <summary>The node was convicted; its key never comes back.</summary>
    Convicted = 9,

    /// <summary>The incarnation or the epoch is an old one.</summary>
    Outdated = 10,

    /// <summary>As many members, or open changes of this validator, as there may be.</summary>
    Full = 11,

    /// <summary>The evidence proves nothing against a validator of this or the last epoch.</summary>
    NotProven = 12,
}
