using Microsoft.Extensions.Logging;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Sessions;

/// <summary>Log messages of the sessions: 1100 to 1199.</summary>
internal static partial class Log
{
    [LoggerMessage(1100, LogLevel.Error, "An input of kind {Kind} could not be handled and was given up")]
    public static partial void InputFailed(this ILogger logger, Exception error, string kind);

    [LoggerMessage(1101, LogLevel.Warning, "A message of device {Device} could not be opened and was dropped")]
    public static partial void MessageDropped(this ILogger logger, string device);

    [LoggerMessage(1102, LogLevel.Warning, "The cluster refuses messages for device {Device}: {Reason}")]
    public static partial void DepositRefused(this ILogger logger, string device, RefusalReason reason);

    [LoggerMessage(1103, LogLevel.Warning, "What was stored of the conversation with device {Device} is lost: {Loss}")]
    public static partial void HistoryLost(this ILogger logger, string device, HistoryLoss loss);
}
