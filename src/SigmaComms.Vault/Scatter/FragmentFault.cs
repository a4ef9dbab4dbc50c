using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Scatter;

/// <summary>A fragment that a node did not take, did not have, or had wrong: work for the repair.</summary>
/// <param name="Fragment">The fragment's id.</param>
/// <param name="Index">Which fragment of its stripe it is.</param>
/// <param name="Node">The node.</param>
/// <param name="Status">What it answered; corrupt also if it gave bytes that are not the fragment's.</param>
public readonly record struct FragmentFault(FragmentId Fragment, int Index, NodeId Node, StoreStatus Status);
