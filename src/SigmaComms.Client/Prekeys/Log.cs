using Microsoft.Extensions.Logging;

namespace SigmaComms.Client.Prekeys;

/// <summary>Log messages of the prekeys: 1300 to 1399.</summary>
internal static partial class Log
{
    [LoggerMessage(1300, LogLevel.Warning, "The directory refuses this account: {Reason}")]
    public static partial void PublishRefused(this ILogger logger, string reason);

    [LoggerMessage(1301, LogLevel.Warning, "The directory could not be supplied, trying again: {Reason}")]
    public static partial void PublishFailed(this ILogger logger, string reason);
}
