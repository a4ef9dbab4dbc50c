using SigmaComms.Cluster.Disks;

namespace SigmaComms.Cluster.Control;

/// <summary>Where the control log touches the world besides the node's links.</summary>
/// <param name="OpenDisk">Opens the folder of the log; called again after a failure.</param>
internal sealed record ControlBoundaries(Func<IDisk> OpenDisk);
