using SigmaComms.Consensus;

namespace SigmaComms.Cluster.Control.Reads;

/// <summary>Asks for a block and what shows that it is final. Reply: <see cref="BlockProved"/>.</summary>
/// <param name="Height">The height.</param>
internal sealed record ProveBlock(Height Height);
