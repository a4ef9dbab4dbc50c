namespace SigmaComms.Consensus.Evidence;

/// <summary>What an honest validator never signs. The numbers are permanent.</summary>
public enum Misbehaviour : byte
{
    /// <summary>Two blocks proposed for one view.</summary>
    TwoProposals = 1,

    /// <summary>Two blocks notarized in one view.</summary>
    TwoNotarizations = 2,

    /// <summary>A view both nullified and finalized.</summary>
    NullifyAndFinalize = 3,

    /// <summary>A proposed block that contradicts its parent; whoever has the parent's state can tell.</summary>
    InvalidBlock = 4,

    /// <summary>A vote under the registered key as another incarnation: durable state was lost or copied.</summary>
    ForeignIncarnation = 5,

    /// <summary>Two blocks finalized in one view.</summary>
    TwoFinalizes = 6,
}
