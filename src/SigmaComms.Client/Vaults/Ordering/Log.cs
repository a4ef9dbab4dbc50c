using Microsoft.Extensions.Logging;

namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>Log messages of vaults' streams in the control log: 3300 to 3399.</summary>
internal static partial class Log
{
    [LoggerMessage(
        3300, LogLevel.Error,
        "What the validators certify of vault {Vault} does not go on from what was seen here: {Detail}")]
    public static partial void LogContradicted(this ILogger logger, string vault, string detail);
}
