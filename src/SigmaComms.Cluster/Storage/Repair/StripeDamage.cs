using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>What a stripe lacks that is for this node to rebuild.</summary>
/// <param name="Own">The fragment of it that this node has.</param>
/// <param name="Lost">Which ones are to be rebuilt.</param>
/// <param name="Places">Where all the others are.</param>
internal sealed record StripeDamage(StoredFragment Own, IReadOnlyList<int> Lost, IReadOnlyList<SiblingPlace> Places)
{
    /// <summary>A label of the stripe.</summary>
    public FragmentLabel Label => Own.Label;

    /// <summary>Those from which it can be rebuilt.</summary>
    public IEnumerable<SiblingPlace> Survivors => Places.Where(place => place.Presence == Presence.Present);

    /// <summary>
    /// How many more may be lost: the fewer, the sooner it is rebuilt. Negative: nothing can be done.
    /// </summary>
    public int Spare => Survivors.Count() - Label.DataFragments;
}
