using Microsoft.Extensions.Logging;

namespace SigmaComms.Cluster.Storage.Scrub;

internal static partial class Log
{
    [LoggerMessage(2810, LogLevel.Information,
        "All fragments have been read and compared; {Fragments} since the start, {Damaged} of them damaged")]
    public static partial void ScrubEnded(this ILogger logger, long fragments, long damaged);

    [LoggerMessage(2811, LogLevel.Warning, "Fragment {Fragment} is not what its root says; it is mended from others")]
    public static partial void FragmentRotten(this ILogger logger, string fragment);
}
