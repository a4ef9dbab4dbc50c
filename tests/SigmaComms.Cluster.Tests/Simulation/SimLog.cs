using Microsoft.Extensions.Logging;

namespace SigmaComms.Cluster.Tests.Simulation;

/// <summary>Collects what the nodes log, with the virtual time, for the message of a failed test.</summary>
internal sealed class SimLog(Func<DateTimeOffset> now) : ILogger
{
    private const int LinesMax = 4_000;
    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new();

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        lock (_gate)
        {
            _lines.Enqueue($"{now():mm:ss.fff} {logLevel} {formatter(state, exception)} {exception}");
            if (_lines.Count > LinesMax)
            {
                _lines.Dequeue();
            }
        }
    }
}
