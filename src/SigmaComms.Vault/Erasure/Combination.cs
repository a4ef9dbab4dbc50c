namespace SigmaComms.Vault.Erasure;

/// <summary>Which fragments are computed from which others, and how.</summary>
/// <param name="Sources">The fragments that are read.</param>
/// <param name="Targets">The fragments that are written, none of them a source.</param>
/// <param name="Coefficients">A row for each target, with a factor for each source.</param>
internal sealed record Combination(int[] Sources, int[] Targets, byte[] Coefficients);
