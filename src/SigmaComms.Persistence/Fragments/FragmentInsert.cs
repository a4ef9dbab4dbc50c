namespace SigmaComms.Persistence.Fragments;

/// <summary>What became of a fragment that was to be entered.</summary>
public enum FragmentInsert
{
    /// <summary>It is entered, at its place.</summary>
    Entered,

    /// <summary>It is entered, instead of one that was quarantined.</summary>
    Replaced,

    /// <summary>It is entered, instead of one that was lost.</summary>
    Restored,

    /// <summary>It was there already, with the same label, and stays where it is.</summary>
    Present,

    /// <summary>Another fragment of that id is there and stays.</summary>
    Conflict,
}
