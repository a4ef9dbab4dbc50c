namespace SigmaComms.Persistence.Stripes;

/// <summary>What the log of its vault said of a stripe.</summary>
public enum StripeStanding : byte
{
    /// <summary>Nothing that was seen.</summary>
    Unknown = 0,

    /// <summary>An entry refers to it.</summary>
    Added = 1,

    /// <summary>Nothing refers to it any more.</summary>
    Dropped = 2,
}
