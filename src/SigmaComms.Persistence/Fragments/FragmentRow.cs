using SigmaComms.Cryptography;

namespace SigmaComms.Persistence.Fragments;

/// <summary>What the index knows of one fragment.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Vault">The vault's id.</param>
/// <param name="Stripe">The stripe's id, 16 bytes.</param>
/// <param name="Place">Where its slot is.</param>
/// <param name="Sequence">Number of the write that put it there; grows with each.</param>
/// <param name="State">How it stands.</param>
/// <param name="StoredAt">When it was stored.</param>
/// <param name="Label">Its encoded label; the index does not look into it.</param>
public sealed record FragmentRow(
    Digest Id,
    Digest Vault,
    ReadOnlyMemory<byte> Stripe,
    FragmentPlace Place,
    long Sequence,
    FragmentState State,
    DateTimeOffset StoredAt,
    ReadOnlyMemory<byte> Label)
{
    /// <summary>Bytes of a stripe's id.</summary>
    public const int StripeIdSize = 16;
}
