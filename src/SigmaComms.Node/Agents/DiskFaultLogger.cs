using Microsoft.Extensions.Logging;
using SigmaComms.Persistence;

namespace SigmaComms.Node.Agents;

/// <summary>
/// Passes a client's log on, and keeps the last refusal of the disk: a part of the client that could not write starts
/// again by itself, and only its log tells why nothing goes on.
/// </summary>
internal sealed class DiskFaultLogger(ILogger inner) : ILogger
{
    private JournalException? _last;

    /// <summary>The last refusal, or null.</summary>
    public JournalException? Last => Volatile.Read(ref _last);

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning || inner.IsEnabled(logLevel);

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is JournalException refusal)
            {
                Volatile.Write(ref _last, refusal);
            }
        }

        if (inner.IsEnabled(logLevel))
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
