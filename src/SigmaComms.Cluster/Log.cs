using Microsoft.Extensions.Logging;

namespace SigmaComms.Cluster;

internal static partial class Log
{
    [LoggerMessage(310, LogLevel.Information, "Node {NodeId} takes part in a cluster of {Members}")]
    public static partial void NodeJoined(this ILogger logger, string nodeId, int members);

    [LoggerMessage(
        311,
        LogLevel.Information,
        "Node {NodeId} listens at {Endpoint} (TLS 1.3, hybrid key exchange, ML-DSA-65), process {Incarnation}")]
    public static partial void NodeListens(this ILogger logger, string nodeId, string endpoint, ulong incarnation);

    [LoggerMessage(312, LogLevel.Critical, "Node {NodeId} must stop: {Detail}")]
    public static partial void NodeFailed(this ILogger logger, string nodeId, string detail);

    [LoggerMessage(313, LogLevel.Information, "Node {NodeId} stopped")]
    public static partial void NodeStopped(this ILogger logger, string nodeId);
}
