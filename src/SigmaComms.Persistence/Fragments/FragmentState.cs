namespace SigmaComms.Persistence.Fragments;

/// <summary>How a fragment of the index stands.</summary>
public enum FragmentState
{
    /// <summary>It is kept and may be given out.</summary>
    Live,

    /// <summary>What was read was not what it should be: it is not given out any more.</summary>
    Quarantined,

    /// <summary>The volume that it was on is gone.</summary>
    Lost,
}
