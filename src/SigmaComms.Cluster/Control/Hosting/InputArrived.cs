using SigmaComms.Cluster.Control.Verification;
using SigmaComms.Consensus.Replicas;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>A peer's message whose signatures are good.</summary>
/// <param name="Input">For the core.</param>
/// <param name="Frame">Whose room is free once the core has it.</param>
internal sealed record InputArrived(Input Input, PeerFrame Frame);
