namespace SigmaComms.Consensus.Transparency;

/// <summary>What an answer about the log turned out to be.</summary>
public enum HeadVerdict
{
    /// <summary>It leads into a later epoch and shows no head yet: ask again.</summary>
    Followed,

    /// <summary>It holds.</summary>
    Proven,

    /// <summary>Something in it is not signed or not shown as it must be.</summary>
    Forged,

    /// <summary>It is of an older block than one that was verified already.</summary>
    Older,

    /// <summary>It contradicts what was verified: another block at its height, or a history that was changed.</summary>
    Forked,
}
