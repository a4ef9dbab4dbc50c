using Microsoft.Extensions.Logging;

namespace SigmaComms.Cluster.Storage.Repair;

internal static partial class Log
{
    [LoggerMessage(2610, LogLevel.Debug, "Stripe {Stripe}: what was lost is rebuilt")]
    public static partial void StripeRebuilt(this ILogger logger, string stripe);

    [LoggerMessage(2611, LogLevel.Warning, "Stripe {Stripe} cannot be rebuilt: its parity is not that of its data")]
    public static partial void StripeInconsistent(this ILogger logger, string stripe);

    [LoggerMessage(2612, LogLevel.Debug, "Stripe {Stripe} is not rebuilt yet: {Result}")]
    public static partial void StripeNotRebuilt(this ILogger logger, string stripe, RebuildResult result);
}
