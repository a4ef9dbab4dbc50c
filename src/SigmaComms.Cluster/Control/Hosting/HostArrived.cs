using SigmaComms.Cluster.Control.Transfer;
using SigmaComms.Cluster.Control.Verification;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>A peer's message between hosts, decoded.</summary>
/// <param name="Message">The message.</param>
/// <param name="Frame">Whose room is free once it is handled.</param>
internal sealed record HostArrived(HostMessage Message, PeerFrame Frame);
