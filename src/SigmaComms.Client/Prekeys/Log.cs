using Microsoft.Extensions.Logging;

namespace SigmaComms.Client.Prekeys;

/// <summary>Log messages of the prekeys: 1300 to 1399.</summary>
internal static partial class Log
{
    [LoggerMessage(1300, LogLevel.Warning, "The directory refuses this account: {Reason}")]
    public static partial void PublishRefused(this ILogger logger, string reason);

    [LoggerMessage(1301, LogLevel.Warning, "The directory could not be supplied, trying again: {Reason}")]
    public static partial void PublishFailed(this ILogger logger, string reason);

    [LoggerMessage(1302, LogLevel.Warning, "The account is not yet in the control log, trying again: {Reason}")]
    public static partial void NotInLog(this ILogger logger, string reason);
}
