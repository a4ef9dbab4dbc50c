namespace SigmaComms.OtlpSink;

/// <summary>One log event as the sink got it.</summary>
/// <param name="Level">OpenTelemetry's number: 9 information, 13 warning, 17 error.</param>
/// <param name="Text">Its body.</param>
/// <param name="Fields">Its attributes.</param>
/// <param name="Resource">The attributes of who sent it.</param>
public sealed record SinkEvent(
    int Level, string Text, IReadOnlyDictionary<string, string> Fields, IReadOnlyDictionary<string, string> Resource)
{
    /// <summary>A field, or null.</summary>
    public string? this[string name] => Fields.GetValueOrDefault(name);
}
