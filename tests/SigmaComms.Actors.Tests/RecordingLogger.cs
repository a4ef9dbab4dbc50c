using Microsoft.Extensions.Logging;

namespace SigmaComms.Actors.Tests;

/// <summary>Keeps the lines that the runtime writes.</summary>
internal sealed class RecordingLogger : ILogger
{
    private readonly List<(LogLevel Level, int Event, string Text)> _lines = [];

    /// <summary>The lines so far.</summary>
    public IReadOnlyList<(LogLevel Level, int Event, string Text)> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Forgets the lines so far.</summary>
    public void Clear()
    {
        lock (_lines)
        {
            _lines.Clear();
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
        {
            _lines.Add((logLevel, eventId.Id, formatter(state, exception)));
        }
    }
}
