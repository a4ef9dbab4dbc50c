using Microsoft.Extensions.Logging;

namespace SigmaComms.Cluster.Storage.Collection;

internal static partial class Log
{
    [LoggerMessage(2710, LogLevel.Warning,
        "Vault {Vault}: entries {From} to before {To} of its log were dropped before this node saw them; what they "
        + "said of stripes is not known here, and fragments of that time are kept")]
    public static partial void EntriesMissed(this ILogger logger, string vault, ulong from, ulong to);

    [LoggerMessage(2711, LogLevel.Information, "{Count} fragments of dropped or abandoned stripes were deleted")]
    public static partial void FragmentsCollected(this ILogger logger, long count);
}
