using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Remoting;

/// <summary>Something waits to be sent on a lane.</summary>
internal sealed record LaneAwake(Lane Lane);
