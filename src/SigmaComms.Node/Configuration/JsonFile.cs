using System.Text.Json;

namespace SigmaComms.Node.Configuration;

/// <summary>Writes the small JSON files of the data folder, readable by people, whole or not at all.</summary>
internal static class JsonFile
{
    private static readonly JsonWriterOptions Options = new() { Indented = true };

    /// <summary>Writes one object; "version" is there already.</summary>
    /// <param name="path">The file; only its owner may read it.</param>
    /// <param name="fields">Writes the object's properties.</param>
    public static void Write(string path, Action<Utf8JsonWriter> fields)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, Options))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", 1);
            fields(writer);
            writer.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        SigmaHome.WritePrivate(path, stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }
}
