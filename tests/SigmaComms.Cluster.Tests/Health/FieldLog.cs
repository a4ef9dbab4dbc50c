using Microsoft.Extensions.Logging;

namespace SigmaComms.Cluster.Tests.Health;

/// <summary>Keeps log events with their fields, as a structured sink gets them.</summary>
internal sealed class FieldLog : ILogger
{
    private readonly Lock _gate = new();
    private readonly List<FieldLogEvent> _events = [];

    public IReadOnlyList<FieldLogEvent> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    public IEnumerable<FieldLogEvent> Of(int id) => Events.Where(entry => entry.Id == id);

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
        Dictionary<string, object?> fields = new((IEnumerable<KeyValuePair<string, object?>>)state!);
        lock (_gate)
        {
            _events.Add(new FieldLogEvent(eventId.Id, logLevel, formatter(state, exception), fields, exception));
        }
    }
}
