using System.Text;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Sinks.Async;
using Serilog.Sinks.File;
using SigmaComms.Node.Configuration;

namespace SigmaComms.Node.Telemetry;

/// <summary>The local log: JSON lines in rolling files, written beside the node's work.</summary>
internal sealed class LogFile : IAsyncLogEventSinkMonitor
{
    private const int QueueMax = 10_000;
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    private volatile IAsyncLogEventSinkInspector? _queue;

    /// <summary>Events that found no place in memory since the start.</summary>
    public long EventsDropped => _queue?.DroppedMessagesCount ?? 0;

    /// <summary>Events that wait in memory.</summary>
    public int EventsWaiting => _queue?.Count ?? 0;

    /// <summary>Lets a logger factory write it too; it is flushed when the factory is disposed.</summary>
    public void AddTo(
        ILoggingBuilder builder, TelemetryConfiguration configuration, string folder, string node)
    {
        SigmaHome.CreatePrivate(folder);
        Close(folder);
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
                bufferSize: QueueMax,
                blockWhenFull: false,
                monitor: this)
            .CreateLogger();
        builder.AddSerilog(logger, dispose: true);
    }

    /// <inheritdoc/>
    void IAsyncLogEventSinkMonitor.StartMonitoring(IAsyncLogEventSinkInspector inspector) => _queue = inspector;

    /// <inheritdoc/>
    void IAsyncLogEventSinkMonitor.StopMonitoring(IAsyncLogEventSinkInspector inspector)
    {
        // Its count stays true to the end.
    }

    // A new file has the umask's mode for a moment: nobody else may look into the folder, also one that was there.
    private static void Close(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (UnauthorizedAccessException)
        {
            // It is somebody else's folder, who decides about it.
        }
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
