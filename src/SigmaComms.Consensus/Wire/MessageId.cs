namespace SigmaComms.Consensus.Wire;

/// <summary>The first byte of a message; permanent.</summary>
public enum MessageId : byte
{
    /// <summary><see cref="Message.Propose"/>.</summary>
    Propose = 1,

    /// <summary><see cref="Message.VoteCast"/>.</summary>
    VoteCast = 2,

    /// <summary><see cref="Message.Have"/>.</summary>
    Have = 3,

    /// <summary><see cref="Message.Pull"/>.</summary>
    Pull = 4,

    /// <summary><see cref="Message.PullViews"/>.</summary>
    PullViews = 5,

    /// <summary><see cref="Message.Certificates"/>.</summary>
    Certificates = 6,

    /// <summary><see cref="Message.PullBlock"/>.</summary>
    PullBlock = 7,

    /// <summary><see cref="Message.BlockFound"/>.</summary>
    BlockFound = 8,

    /// <summary><see cref="Message.Status"/>.</summary>
    Status = 9,

    /// <summary><see cref="Message.PullFinal"/>.</summary>
    PullFinal = 10,

    /// <summary><see cref="Message.FinalBlocks"/>.</summary>
    FinalBlocks = 11,

    /// <summary><see cref="Message.Submit"/>.</summary>
    Submit = 12,

    /// <summary><see cref="Message.PullProposal"/>.</summary>
    PullProposal = 13,
}
