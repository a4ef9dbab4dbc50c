using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage;

/// <summary>Published on the event stream when a fragment was found damaged, for whoever repairs.</summary>
/// <param name="Label">Which one.</param>
/// <param name="Kind">What is wrong.</param>
internal sealed record FragmentDamaged(FragmentLabel Label, DamageKind Kind);
