using Microsoft.Extensions.Logging;

namespace SigmaComms.Cluster.Sockets;

/// <summary>Gives the server the node's own logger, whatever category it asks for.</summary>
internal sealed class OneLoggerFactory(ILogger logger) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => logger;

    public void AddProvider(ILoggerProvider provider)
    {
        // There is one logger; nobody adds another.
    }

    public void Dispose()
    {
        // The logger belongs to the node.
    }
}
