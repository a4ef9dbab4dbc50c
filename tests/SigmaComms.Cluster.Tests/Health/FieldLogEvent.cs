using Microsoft.Extensions.Logging;

namespace SigmaComms.Cluster.Tests.Health;

/// <summary>One log event with its fields.</summary>
internal sealed record FieldLogEvent(
    int Id, LogLevel Level, string Text, IReadOnlyDictionary<string, object?> Fields, Exception? Exception);
