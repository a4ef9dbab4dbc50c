using Microsoft.Extensions.Logging;

namespace SigmaComms.Cluster.Directory;

internal static partial class Log
{
    [LoggerMessage(710, LogLevel.Warning, "The directory could not write: {Detail}")]
    public static partial void DirectoryWriteFailed(this ILogger logger, string detail);

    [LoggerMessage(711, LogLevel.Debug, "Directory not pulled from node {Peer}: {Detail}")]
    public static partial void DirectorySyncFailed(this ILogger logger, string peer, string detail);

    [LoggerMessage(712, LogLevel.Warning, "Prekeys of device {Device} could not be written: {Detail}")]
    public static partial void PrekeysWriteFailed(this ILogger logger, string device, string detail);
}
