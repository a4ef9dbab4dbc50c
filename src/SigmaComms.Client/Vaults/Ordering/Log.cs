using Microsoft.Extensions.Logging;

namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>Log messages of vaults' streams in the control log: 3300 to 3399.</summary>
internal static partial class Log
{
    [LoggerMessage(
        3300, LogLevel.Error,
        "Validators show of the log of vault {Vault} what cannot all be true, so one of them lies: {Detail}")]
    public static partial void LogContradicted(this ILogger logger, string vault, string detail);
}
