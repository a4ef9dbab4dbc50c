using Microsoft.Extensions.Logging;

namespace SigmaComms.Cluster.Storage.Repair;

internal static partial class Log
{
    [LoggerMessage(2910, LogLevel.Debug, "Stripe {Stripe}: what was lost is rebuilt")]
    public static partial void StripeRebuilt(this ILogger logger, string stripe);

    [LoggerMessage(2911, LogLevel.Warning, "Stripe {Stripe} cannot be rebuilt: its parity is not that of its data")]
    public static partial void StripeInconsistent(this ILogger logger, string stripe);

    [LoggerMessage(2912, LogLevel.Debug, "Stripe {Stripe} is not rebuilt yet: {Result}")]
    public static partial void StripeNotRebuilt(this ILogger logger, string stripe, RebuildResult result);

    [LoggerMessage(2913, LogLevel.Information,
        "Storage nodes: {Nodes}, of which {Gone} are gone; {Leaving} are leaving. All fragments here are looked after")]
    public static partial void PlacesChanged(this ILogger logger, int nodes, int gone, int leaving);

    [LoggerMessage(2914, LogLevel.Warning, "Repair, collection or scrub ended early, and is tried again: {Detail}")]
    public static partial void RepairFailed(this ILogger logger, string detail);

    [LoggerMessage(2915, LogLevel.Warning, "What was known of stripes cannot be read, and is learned anew: {Detail}")]
    public static partial void BookNotOpened(this ILogger logger, string detail);
}
