using System.Text.Json;

namespace SigmaComms.Node.Terminal;

/// <summary>A fault as JSON: for programs that read errors, and from the agent to who asked it.</summary>
internal static class FaultJson
{
    /// <summary>Writes the property "error".</summary>
    public static void Write(Utf8JsonWriter writer, CommandException fault)
    {
        writer.WriteStartObject("error");
        writer.WriteNumber("exitCode", (int)fault.ExitCode);
        writer.WriteString("what", fault.What);
        writer.WriteString("why", fault.Why);
        writer.WriteString("next", fault.Next);
        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static CommandException Read(JsonElement error) => new(
        (ExitCode)error.GetProperty("exitCode").GetInt32(),
        error.GetProperty("what").GetString()!,
        error.GetProperty("why").GetString()!,
        error.GetProperty("next").GetString()!);
}
