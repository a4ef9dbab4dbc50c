using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SigmaComms.Node.Terminal;

/// <summary>One object in one line with "v":1: the shape of all that --json writes, to either output.</summary>
internal static class JsonLine
{
    private static readonly JsonWriterOptions Options = new()
    {
        // The text goes to a terminal or a program, never into a web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Renders it, without a line end.</summary>
    /// <param name="fields">Writes the object's properties; "v" is there already.</param>
    public static string Of(Action<Utf8JsonWriter> fields)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, Options))
        {
            writer.WriteStartObject();
            writer.WriteNumber("v", 1);
            fields(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
