using System.Text;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Sinks.File;
using SigmaComms.Node.Configuration;

namespace SigmaComms.Node.Telemetry;

/// <summary>The local log: JSON lines in rolling files, written beside the node's work.</summary>
internal static class LogFile
{
    private const int QueueMax = 10_000;
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    /// <summary>Lets a logger factory write it too; it is flushed when the factory is disposed.</summary>
    public static void AddTo(
        ILoggingBuilder builder, TelemetryConfiguration configuration, string folder, string node)
    {
        SigmaHome.CreatePrivate(folder);
        RollingInterval interval = configuration.LogFile switch
        {
            LogFileRolling.Hour => RollingInterval.Hour,
            LogFileRolling.Day => RollingInterval.Day,
            _ => RollingInterval.Infinite,
        };
        Logger logger = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .WriteTo.Async(
                sink => sink.File(
                    new JsonEventFormatter(node),
                    Path.Combine(folder, "node-.json"),
                    rollingInterval: interval,
                    rollOnFileSizeLimit: true,
                    fileSizeLimitBytes: (long)configuration.LogFileMegabytes << 20,
                    retainedFileCountLimit: configuration.LogFilesMax,
                    buffered: true,
                    flushToDiskInterval: FlushInterval,
                    hooks: new OwnerOnly()),
                QueueMax)
            .CreateLogger();
        builder.AddSerilog(logger, dispose: true);
    }

    private sealed class OwnerOnly : FileLifecycleHooks
    {
        public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding)
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            return underlyingStream;
        }
    }
}
