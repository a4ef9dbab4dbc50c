namespace SigmaComms.Consensus.Votes;

/// <summary>What a validator signs. The numbers are part of what is signed and of the log's files.</summary>
public enum BallotKind : byte
{
    /// <summary>"This is my block for the view"; only of the view's leader, once.</summary>
    Propose = 1,

    /// <summary>"The block is valid and follows from what I hold"; at most one in a view.</summary>
    Notarize = 2,

    /// <summary>"I gave the view up"; never together with a finalize of the view.</summary>
    Nullify = 3,

    /// <summary>"I hold the block's notarization and never gave the view up."</summary>
    Finalize = 4,

    /// <summary>A finalize of a view and a notarize of the next one under one signature.</summary>
    Bundle = 5,
}
