using Microsoft.Extensions.Logging;
using SigmaComms.Messaging.Channels;

namespace SigmaComms.Transport.Channels;

/// <summary>Messages of this folder: 2100 to 2199.</summary>
internal static partial class Log
{
    [LoggerMessage(2100, LogLevel.Debug, "Connection {Connection} closed: handshake {Reason}, alert {Alert}")]
    public static partial void HandshakeFailed(
        this ILogger logger, string connection, ChannelFault reason, TlsAlert? alert);

    [LoggerMessage(2101, LogLevel.Warning, "Connection {Connection} closed: {HalfOpenMax} handshakes run already")]
    public static partial void HalfOpenLimitReached(this ILogger logger, string connection, int halfOpenMax);

    [LoggerMessage(2102, LogLevel.Warning, "Connection {Connection} closed: its address connects too often")]
    public static partial void ConnectionRateExceeded(this ILogger logger, string connection);
}
