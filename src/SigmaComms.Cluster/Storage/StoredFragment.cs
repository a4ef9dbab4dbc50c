using SigmaComms.Persistence.Fragments;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage;

/// <summary>A fragment that a node keeps, or should.</summary>
/// <param name="Label">What it is.</param>
/// <param name="State">How it stands.</param>
/// <param name="StoredAt">When it was stored.</param>
internal sealed record StoredFragment(FragmentLabel Label, FragmentState State, DateTimeOffset StoredAt)
{
    /// <summary>Whether it can be given out, as far as is known.</summary>
    public bool IsLive => State == FragmentState.Live;
}
