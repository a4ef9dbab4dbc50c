using System.Text.Json;
using System.Text.Json.Serialization;

namespace SigmaComms.Client.Agent;

/// <summary>The one way requests and replies are written: one JSON object in one line, names in kebab-case.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 8)]
[JsonSerializable(typeof(AgentRequest))]
[JsonSerializable(typeof(AgentReply))]
internal sealed partial class AgentJson : JsonSerializerContext
{
    /// <summary>The longest line: 1 MiB. A text of 60 KiB, each byte escaped, has less.</summary>
    public const int LineMaxBytes = 1024 * 1024;

    /// <summary>Reads a request.</summary>
    /// <returns>Null if the line is anything else.</returns>
    public static AgentRequest? ReadRequest(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, Default.AgentRequest);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads a reply.</summary>
    /// <returns>Null if the line is anything else.</returns>
    public static AgentReply? ReadReply(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, Default.AgentReply);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes a request with its line end.</summary>
    public static byte[] Write(AgentRequest request) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(request, Default.AgentRequest), (byte)'\n'];

    /// <summary>Writes a reply with its line end.</summary>
    public static byte[] Write(AgentReply reply) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(reply, Default.AgentReply), (byte)'\n'];
}
