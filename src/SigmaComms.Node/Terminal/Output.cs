using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SigmaComms.Node.Terminal;

/// <summary>
/// Where commands write: data on standard output, all else on standard error. With --json, data is one object or one
/// object a line, each with "v":1, and so are errors.
/// </summary>
/// <remarks>Safe to call from any thread; one call's lines stay together.</remarks>
internal sealed class Output
{
    private static readonly JsonWriterOptions JsonOptions = new()
    {
        // The text goes to a terminal or a program, never into a web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Lock _lock = new();

    /// <summary>Makes one over two writers.</summary>
    /// <param name="data">Standard output.</param>
    /// <param name="notes">Standard error.</param>
    public Output(TextWriter data, TextWriter notes)
    {
        Data = data;
        Notes = notes;
    }

    /// <summary>Receives data.</summary>
    public TextWriter Data { get; }

    /// <summary>Receives notes and errors.</summary>
    public TextWriter Notes { get; }

    /// <summary>Whether data is JSON.</summary>
    public bool Json { get; init; }

    /// <summary>Whether notes are left out.</summary>
    public bool Quiet { get; init; }

    /// <summary>Whether details are shown.</summary>
    public bool Verbose { get; init; }

    /// <summary>Whether colours may be used.</summary>
    public bool Color { get; init; }

    /// <summary>Writes one line of data for people; nothing with --json.</summary>
    public void Line(string text)
    {
        if (!Json)
        {
            Write(Data, text);
        }
    }

    /// <summary>Writes a table for people; nothing with --json.</summary>
    public void Table(TextTable table)
    {
        if (!Json)
        {
            Write(Data, table.Render(Color));
        }
    }

    /// <summary>Writes one object of data for programs; nothing without --json.</summary>
    /// <param name="fields">Writes the object's properties; "v" is there already.</param>
    public void Object(Action<Utf8JsonWriter> fields)
    {
        if (Json)
        {
            Write(Data, Render(fields));
        }
    }

    /// <summary>Tells the person what goes on; not with --quiet.</summary>
    public void Note(string text)
    {
        if (!Quiet)
        {
            Write(Notes, TerminalText.Continued(text));
        }
    }

    /// <summary>Tells a detail, with --verbose only.</summary>
    public void Detail(string text)
    {
        if (Verbose)
        {
            Write(Notes, TerminalText.Continued(text));
        }
    }

    /// <summary>Tells what failed, why and what to do next; always on standard error.</summary>
    public void Error(CommandException error)
    {
        if (!Json)
        {
            // A node's own words may be in it.
            string what = TerminalText.Continued(error.What);
            string why = TerminalText.Continued(error.Why);
            Write(Notes, $"sigma: {what}\n  why:  {why}\n  next: {TerminalText.Continued(error.Next)}");
            return;
        }

        Write(Notes, Render(writer => FaultJson.Write(writer, error)));
    }

    private static string Render(Action<Utf8JsonWriter> fields)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, JsonOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber("v", 1);
            fields(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private void Write(TextWriter writer, string text)
    {
        lock (_lock)
        {
            writer.Write(text + "\n");
            writer.Flush();
        }
    }
}
