using Microsoft.Extensions.Logging;

namespace SigmaComms.Cluster.Sockets;

/// <summary>
/// Gives the server the node's own logger, whatever category it asks for. Below a warning the server is silent: it
/// knows nothing of what runs on its connections, and would say "http://" of an address that speaks TLS 1.3.
/// </summary>
internal sealed class OneLoggerFactory(ILogger logger) : ILoggerFactory
{
    private readonly FromWarningUp _server = new(logger);

    public ILogger CreateLogger(string categoryName) => _server;

    public void AddProvider(ILoggerProvider provider)
    {
        // There is one logger; nobody adds another.
    }

    public void Dispose()
    {
        // The logger belongs to the node.
    }

    private sealed class FromWarningUp(ILogger logger) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && logger.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                logger.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
