using System.Text.Json;

namespace SigmaComms.Node.Terminal;

/// <summary>
/// Where commands write: data on standard output, all else on standard error. With --json, data is one object or one
/// object a line, each with "v":1, and so are errors.
/// </summary>
/// <remarks>Safe to call from any thread; one call's lines stay together.</remarks>
internal sealed class Output
{
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan TakenPeriod = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly PipeEnd? _end;

    /// <summary>Makes one over two writers.</summary>
    /// <param name="data">Standard output.</param>
    /// <param name="notes">Standard error.</param>
    public Output(TextWriter data, TextWriter notes)
    {
        Data = data;
        Notes = notes;
        _end = (data as StandardWriter)?.End;
    }

    /// <summary>Receives data.</summary>
    public TextWriter Data { get; }

    /// <summary>Receives data that is no text.</summary>
    public Stream DataStream => _end ?? Console.OpenStandardOutput();

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
            Write(Data, JsonLine.Of(fields));
        }
    }

    /// <summary>Tells the person what goes on; not with --quiet.</summary>
    public void Note(string text)
    {
        if (!Quiet)
        {
            WriteNote(text);
        }
    }

    /// <summary>Tells a detail, with --verbose only.</summary>
    public void Detail(string text)
    {
        if (Verbose && text.Length > 0)
        {
            WriteNote(text);
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

        Write(Notes, JsonLine.Of(writer => FaultJson.Write(writer, error)));
    }

    /// <summary>Waits until who reads data has taken all of it; at once where nothing lies in between.</summary>
    /// <exception cref="ReaderGoneException">It went away before.</exception>
    public async Task TakenAsync(TimeProvider time, CancellationToken stop)
    {
        while (_end is { UnreadBytes: > 0 } end)
        {
            if (end.IsReaderGone)
            {
                throw new ReaderGoneException();
            }

            await Task.Delay(TakenPeriod, time, stop);
        }
    }

    /// <summary>Works for as long as somebody reads data: writes may be far between, and none would tell.</summary>
    /// <param name="work">Gets what ends it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Ends it too.</param>
    /// <exception cref="ReaderGoneException">Nobody reads any more; the work has ended.</exception>
    public async Task<T> WhileReadAsync<T>(
        Func<CancellationToken, Task<T>> work, TimeProvider time, CancellationToken stop)
    {
        if (_end is not { } end)
        {
            return await work(stop);
        }

        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task watching = CancelWithReaderAsync(end, time, either);
        try
        {
            return await work(either.Token);
        }
        catch (OperationCanceledException) when (end.IsReaderGone && !stop.IsCancellationRequested)
        {
            throw new ReaderGoneException();
        }
        finally
        {
            await either.CancelAsync();
            await watching;
        }
    }

    private void WriteNote(string text) => Write(
        Notes, Json ? JsonLine.Of(writer => writer.WriteString("note", text)) : TerminalText.Continued(text));

    private void Write(TextWriter writer, string text)
    {
        lock (_lock)
        {
            writer.Write(text + "\n");
            writer.Flush();
        }
    }

    private static async Task CancelWithReaderAsync(PipeEnd end, TimeProvider time, CancellationTokenSource either)
    {
        try
        {
            while (!end.IsReaderGone)
            {
                await Task.Delay(WatchPeriod, time, either.Token);
            }

            await either.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // The work ended first.
        }
    }
}
