namespace SigmaComms.Persistence.Fragments;

/// <summary>Which of two slots with one fragment counts.</summary>
internal static class FragmentChoice
{
    /// <summary>Whether what was found in a volume goes before what is known.</summary>
    /// <param name="found">What was found; live or quarantined.</param>
    /// <param name="known">What the index has.</param>
    public static bool IsBetter(FragmentRow found, FragmentRow known) => known.State switch
    {
        FragmentState.Lost => true,
        _ when found.Place == known.Place => false,
        _ when found.State != known.State => found.State == FragmentState.Live,
        _ => found.Sequence > known.Sequence,
    };
}
