using OpenTelemetry;
using OpenTelemetry.Logs;
using SigmaComms.Cluster.Telemetry;

namespace SigmaComms.Node.Telemetry;

/// <summary>Gives every log event its category, and the node's name where it does not say it itself.</summary>
internal sealed class EventProcessor(string node) : BaseProcessor<LogRecord>
{
    /// <inheritdoc/>
    public override void OnEnd(LogRecord data)
    {
        IReadOnlyList<KeyValuePair<string, object?>> told = data.Attributes ?? [];
        List<KeyValuePair<string, object?>> all = new(told.Count + 3);
        bool saysNode = false;
        foreach (KeyValuePair<string, object?> field in told)
        {
            saysNode |= field.Key == "Node";
            all.Add(field);
        }

        if (!saysNode)
        {
            all.Add(new KeyValuePair<string, object?>("Node", node));
        }

        all.Add(new KeyValuePair<string, object?>("Category", LogCategory.Of(data.EventId.Id, data.LogLevel)));
        all.Add(new KeyValuePair<string, object?>("Event", data.EventId.Id));
        data.Attributes = all;
    }
}
