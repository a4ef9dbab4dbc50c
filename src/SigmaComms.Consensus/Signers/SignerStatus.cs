namespace SigmaComms.Consensus.Signers;

/// <summary>What became of a command to the signers: the reply, one byte.</summary>
public enum SignerStatus : byte
{
    /// <summary>Not a value.</summary>
    None = 0,

    /// <summary>Done, or it was so already.</summary>
    Done = 1,

    /// <summary>The payload is no command.</summary>
    Malformed = 2,

    /// <summary>Only a member vouches, and not for itself.</summary>
    NotAllowed = 3,

    /// <summary>The member vouches for as many keys as it may, or as many members vouch for this one.</summary>
    Full = 4,

    /// <summary>The member does not vouch for this key.</summary>
    NotVouched = 5,
}
