namespace SigmaComms.Persistence.Fragments;

/// <summary>How much an index holds.</summary>
/// <param name="Live">Fragments that may be given out.</param>
/// <param name="Quarantined">Fragments that were found damaged.</param>
/// <param name="Lost">Fragments of volumes that are gone.</param>
/// <param name="SequenceMax">The highest number of a write; 0 if there is none.</param>
public sealed record FragmentTotals(long Live, long Quarantined, long Lost, long SequenceMax);
