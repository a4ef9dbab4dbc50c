using Microsoft.Extensions.Logging;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Peers;

internal static partial class Log
{
    [LoggerMessage(410, LogLevel.Information, "Linked with node {Peer}, process {Incarnation}")]
    public static partial void PeerLinked(this ILogger logger, string peer, ulong incarnation);

    [LoggerMessage(411, LogLevel.Warning, "Lost node {Peer}: {Detail}")]
    public static partial void PeerLost(this ILogger logger, string peer, string detail);

    [LoggerMessage(412, LogLevel.Warning, "Node {Peer} was not heard for {SilentMs} ms")]
    public static partial void PeerSilent(this ILogger logger, string peer, long silentMs);

    [LoggerMessage(413, LogLevel.Debug, "Dialling node {Peer}, lane {Lane}: {Detail}")]
    public static partial void DialFailed(this ILogger logger, string peer, Lane lane, string detail);

    [LoggerMessage(414, LogLevel.Error, "A handler failed on a link with node {Peer}")]
    public static partial void LinkHandlerFailed(this ILogger logger, Exception error, string peer);

    [LoggerMessage(415, LogLevel.Warning, "Refused {Peer} from {Address}: {Reason}, {Detail}")]
    public static partial void HelloRefused(
        this ILogger logger, string peer, string address, RefusalReason reason, string detail);

    [LoggerMessage(416, LogLevel.Debug, "Connection from {Address} ended before it said who it is")]
    public static partial void NoHello(this ILogger logger, string address);
}
