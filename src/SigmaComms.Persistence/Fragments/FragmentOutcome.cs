namespace SigmaComms.Persistence.Fragments;

/// <summary>What became of a fragment that was to be entered, and of the slot of one that it replaced.</summary>
/// <param name="Insert">What became of it.</param>
/// <param name="Replaced">The slot of the quarantined one, which is to be erased; null if there was none.</param>
public readonly record struct FragmentOutcome(FragmentInsert Insert, FragmentPlace? Replaced = null);
