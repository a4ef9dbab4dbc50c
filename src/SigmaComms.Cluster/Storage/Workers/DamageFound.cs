using SigmaComms.Persistence.Fragments;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>A reader found a fragment damaged; if need be it has quarantined it already.</summary>
/// <param name="Row">What the index says of it.</param>
/// <param name="Label">What it is.</param>
/// <param name="Kind">What is wrong.</param>
internal sealed record DamageFound(FragmentRow Row, FragmentLabel Label, DamageKind Kind);
