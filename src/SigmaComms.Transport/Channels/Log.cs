using Microsoft.Extensions.Logging;
using SigmaComms.Messaging.Channels;

namespace SigmaComms.Transport.Channels;

/// <summary>Messages of this folder: 2100 to 2199.</summary>
internal static partial class Log
{
    [LoggerMessage(2100, LogLevel.Debug, "Connection {Connection} closed: handshake {Reason}, alert {Alert}")]
    public static partial void HandshakeFailed(
        this ILogger logger, string connection, ChannelFault reason, TlsAlert? alert);

    [LoggerMessage(
        2101,
        LogLevel.Warning,
        "Too many connections do not say who they are: {Evicted} of the oldest closed so far, {HalfOpen} are left")]
    public static partial void HalfOpenLimitReached(this ILogger logger, long evicted, int halfOpen);

    [LoggerMessage(2102, LogLevel.Warning, "Connection {Connection} closed: its address connects too often")]
    public static partial void ConnectionRateExceeded(this ILogger logger, string connection);
}
