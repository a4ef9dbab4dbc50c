using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>A fragment that this node has.</summary>
/// <param name="Label">What it is.</param>
/// <param name="StoredAt">When it came, by this node's clock.</param>
/// <param name="IsQuarantined">Whether it is known not to be what its root says.</param>
internal sealed record ShelvedFragment(FragmentLabel Label, DateTimeOffset StoredAt, bool IsQuarantined);
