using Microsoft.Extensions.Logging;

namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>Log messages of vaults' streams in the control log: 2600 to 2699.</summary>
internal static partial class Log
{
    [LoggerMessage(
        2600, LogLevel.Error,
        "Validators show of the log of vault {Vault} what cannot all be true, so one of them lies: {Detail}")]
    public static partial void LogContradicted(this ILogger logger, string vault, string detail);
}
