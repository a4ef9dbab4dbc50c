using System.Text.Json;

namespace SigmaComms.Node.Demo;

/// <summary>A message that a client process reported.</summary>
/// <param name="From">The sender's name.</param>
/// <param name="Text">The text, or null.</param>
/// <param name="Counter">Its place in the conversation.</param>
/// <param name="FilePath">Where the attachment was saved, or null.</param>
/// <param name="FileSha256">What the receiving client computed over the saved file, or null.</param>
/// <param name="At">When the line was read, in the clock's ticks.</param>
internal sealed record ReceivedMessage(
    string From, string? Text, ulong Counter, string? FilePath, string? FileSha256, long At)
{
    /// <summary>Reads the agent's line.</summary>
    public static ReceivedMessage Read(JsonElement line, long at) => new(
        line.GetProperty("from").GetString()!,
        Optional(line, "text"),
        line.GetProperty("counter").GetUInt64(),
        Optional(line, "file"),
        Optional(line, "sha256"),
        at);

    private static string? Optional(JsonElement line, string name) =>
        line.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
