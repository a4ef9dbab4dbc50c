using SigmaComms.Persistence.Fragments;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Volumes;

/// <summary>A slot whose header opened.</summary>
/// <param name="Place">Where it is.</param>
/// <param name="Header">Its header.</param>
/// <param name="Label">The label in it.</param>
/// <param name="IsWhole">Whether its content is what the label says.</param>
internal sealed record FoundSlot(FragmentPlace Place, SlotHeader Header, FragmentLabel Label, bool IsWhole)
{
    /// <summary>What the index says of it.</summary>
    public FragmentRow Row()
    {
        byte[] stripe = new byte[FragmentRow.StripeIdSize];
        Label.Stripe.CopyTo(stripe);
        return new FragmentRow(
            Label.Id.Value, Label.Vault, stripe, Place, Header.Sequence, FragmentState.Live, Header.StoredAt,
            Header.Label);
    }

    /// <summary>Whether both have a block in common.</summary>
    public bool Overlaps(FoundSlot other) =>
        Place.Offset < other.Place.Offset + other.Place.SizeBytes
        && other.Place.Offset < Place.Offset + Place.SizeBytes;
}
