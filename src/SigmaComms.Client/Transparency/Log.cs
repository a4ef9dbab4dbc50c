using Microsoft.Extensions.Logging;

namespace SigmaComms.Client.Transparency;

/// <summary>Log messages of what the control log proves: 1700 to 1799.</summary>
internal static partial class Log
{
    [LoggerMessage(1700, LogLevel.Warning, "Node {Node} showed what cannot be true of the control log: {Detail}")]
    public static partial void ProofRefused(this ILogger logger, string node, string detail);
}
