using Microsoft.Extensions.Logging;

namespace SigmaComms.Cluster.Storage;

internal static partial class Log
{
    [LoggerMessage(
        1800, LogLevel.Information,
        "Storage: {Volumes} volumes open with {Fragments} fragments; {Quarantined} quarantined, {Lost} lost")]
    public static partial void StorageOpened(
        this ILogger logger, int volumes, long fragments, long quarantined, long lost);

    [LoggerMessage(
        1801, LogLevel.Warning, "Storage: cannot be opened and is tried again in {WaitMs} ms: {Problem}")]
    public static partial void StorageNotOpened(this ILogger logger, string problem, double waitMs);

    [LoggerMessage(1802, LogLevel.Warning, "Storage: the index is damaged and made anew from the volumes: {Problem}")]
    public static partial void IndexDamaged(this ILogger logger, string problem);

    [LoggerMessage(
        1803, LogLevel.Warning,
        "Storage: volume {Volume} was not in the index: {Entered} fragments entered, {Damaged} of them damaged")]
    public static partial void VolumeScanned(this ILogger logger, int volume, int entered, int damaged);

    [LoggerMessage(
        1804, LogLevel.Error, "Storage: volume {Volume} is gone: {Problem}. Its fragments are to be repaired")]
    public static partial void VolumeIsGone(this ILogger logger, int volume, string problem);

    [LoggerMessage(1805, LogLevel.Information, "Storage: volume {Volume} was made with {SizeBytes} bytes")]
    public static partial void VolumeMade(this ILogger logger, int volume, long sizeBytes);

    [LoggerMessage(1806, LogLevel.Warning, "Storage: no further volume can be made: {Problem}")]
    public static partial void VolumeNotMade(this ILogger logger, string problem);

    [LoggerMessage(1807, LogLevel.Warning, "Storage: a volume failed: {Problem}")]
    public static partial void VolumeFailed(this ILogger logger, string problem);

    [LoggerMessage(1808, LogLevel.Warning, "Storage: volume {Volume} takes nothing for a while: {Problem}")]
    public static partial void WritesStopped(this ILogger logger, int volume, string problem);

    [LoggerMessage(1809, LogLevel.Warning, "Storage: fragment {Fragment} in volume {Volume} is damaged: {Kind}")]
    public static partial void FragmentDamaged(this ILogger logger, string fragment, int volume, DamageKind kind);

    [LoggerMessage(1810, LogLevel.Warning, "Storage: the index failed: {Problem}")]
    public static partial void IndexFailed(this ILogger logger, string problem);

    [LoggerMessage(1811, LogLevel.Information, "Storage: volume {Volume} is filled")]
    public static partial void VolumeFilled(this ILogger logger, int volume);
}
