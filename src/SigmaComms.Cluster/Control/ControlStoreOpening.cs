using SigmaComms.Cluster.Control.WriteAhead;

namespace SigmaComms.Cluster.Control;

/// <summary>What came of opening the durable state.</summary>
/// <param name="State">How it was found.</param>
/// <param name="Store">The open store; null if the log is damaged or missing.</param>
/// <param name="Damage">What is wrong with the log, if it is damaged.</param>
/// <param name="TornBytes">Bytes of a group that was never acknowledged, cut off.</param>
internal sealed record ControlStoreOpening(
    ControlStoreState State, ControlStore? Store, WalDamage? Damage, int TornBytes);
