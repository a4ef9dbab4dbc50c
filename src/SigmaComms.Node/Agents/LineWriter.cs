using System.Text.Encodings.Web;
using System.Text.Json;

namespace SigmaComms.Node.Agents;

/// <summary>Writes one JSON object a line to a stream that several tasks share.</summary>
internal sealed class LineWriter : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Stream _output;
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Writes to a stream; the caller keeps it.</summary>
    public LineWriter(Stream output) => _output = output;

    /// <summary>Writes one object; "v" is there already.</summary>
    /// <exception cref="IOException">Nobody reads any more.</exception>
    public async Task WriteAsync(Action<Utf8JsonWriter> fields)
    {
        using MemoryStream line = new();
        await using (Utf8JsonWriter writer = new(line, Options))
        {
            writer.WriteStartObject();
            writer.WriteNumber("v", 1);
            fields(writer);
            writer.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        await _turn.WaitAsync();
        try
        {
            await _output.WriteAsync(line.GetBuffer().AsMemory(0, (int)line.Length));
            await _output.FlushAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();
}
