using Microsoft.Extensions.Logging;

namespace SigmaComms.Actors.Tests;

/// <summary>Keeps the lines that the runtime writes.</summary>
internal sealed class RecordingLogger : ILogger
{
    public List<(LogLevel Level, int Event, string Text)> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        lock (Lines)
        {
            Lines.Add((logLevel, eventId.Id, formatter(state, exception)));
        }
    }
}
