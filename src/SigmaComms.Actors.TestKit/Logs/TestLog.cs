using Microsoft.Extensions.Logging;

namespace SigmaComms.Actors.TestKit.Logs;

/// <summary>Passes lines on to the logger of the settings, and to the expectations that wait at the moment.</summary>
internal sealed class TestLog(ILogger inner) : ILogger
{
    private readonly Lock _gate = new();
    private readonly List<List<LoggedLine>> _listeners = [];

    public void Listen(List<LoggedLine> lines)
    {
        lock (_gate)
        {
            _listeners.Add(lines);
        }
    }

    public void Leave(List<LoggedLine> lines)
    {
        lock (_gate)
        {
            _listeners.RemoveAll(known => ReferenceEquals(known, lines));
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel)
    {
        lock (_gate)
        {
            return _listeners.Count > 0 || inner.IsEnabled(logLevel);
        }
    }

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        lock (_gate)
        {
            if (_listeners.Count > 0)
            {
                LoggedLine line = new(logLevel, eventId, formatter(state, exception), exception);
                _listeners.ForEach(lines => lines.Add(line));
            }
        }

        if (inner.IsEnabled(logLevel))
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
