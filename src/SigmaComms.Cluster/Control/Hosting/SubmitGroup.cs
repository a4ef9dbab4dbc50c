using SigmaComms.Consensus.Commands;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>Orders a group whose signature is good. Reply: <see cref="GroupAnswer"/>, when it is final.</summary>
/// <param name="Group">The commands.</param>
internal sealed record SubmitGroup(CommandGroup Group);
