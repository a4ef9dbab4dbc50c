using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Scatter;

/// <summary>Which fragment it is and what must be in it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Root">The root of its tree.</param>
public readonly record struct FragmentName(FragmentId Id, Digest Root);
