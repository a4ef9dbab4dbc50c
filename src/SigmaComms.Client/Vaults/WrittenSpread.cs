namespace SigmaComms.Client.Vaults;

/// <summary>How the stripes that were written since a vault was opened lie on the nodes.</summary>
/// <param name="Stripes">Stripes that were written.</param>
/// <param name="Short">Those of them that fewer nodes may be lost of than the cluster's nodes would allow.</param>
/// <param name="LossesMin">How many nodes may be lost of the one that is worst off; whichever they are.</param>
/// <param name="LossesUsual">How many may be when all nodes take what belongs to them.</param>
public sealed record WrittenSpread(long Stripes, long Short, int LossesMin, int LossesUsual);
