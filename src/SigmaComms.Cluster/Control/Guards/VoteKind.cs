namespace SigmaComms.Cluster.Control.Guards;

/// <summary>What a vote says of one view. A bundle says two things, of two views.</summary>
internal enum VoteKind : byte
{
    /// <summary>"This is my block for the view."</summary>
    Propose = 1,

    /// <summary>"The block may be built on."</summary>
    Notarize = 2,

    /// <summary>"I gave the view up."</summary>
    Nullify = 3,

    /// <summary>"The block is notarized, and I never gave the view up."</summary>
    Finalize = 4,
}
