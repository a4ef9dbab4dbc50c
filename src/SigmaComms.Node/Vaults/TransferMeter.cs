using System.Globalization;
using System.Text.Json;
using SigmaComms.Client.Vaults;
using SigmaComms.Node.Commands;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Vaults;

/// <summary>Follows a transfer: shows it on a terminal, and tells at the end how much and how fast it was.</summary>
internal sealed class TransferMeter : IProgress<VaultProgress>, IDisposable
{
    private const int WidthCharacters = 80;

    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly TransferBar? _bar;
    private readonly Lock _lock = new();
    private VaultProgress _last;

    /// <summary>Starts the clock.</summary>
    public TransferMeter(CommandContext context)
    {
        _time = context.Time;
        _start = _time.GetTimestamp();
        Output output = context.Output;
        _bar = output.Quiet || output.Json || Console.IsErrorRedirected
            ? null
            : new TransferBar(output.Notes, _time, WidthOfTerminal());
    }

    /// <summary>How far it came.</summary>
    public VaultProgress Last
    {
        get
        {
            lock (_lock)
            {
                return _last;
            }
        }
    }

    /// <inheritdoc/>
    public void Report(VaultProgress value)
    {
        lock (_lock)
        {
            // Reports come from several threads: an older one must not hide a newer one.
            if (value.Bytes + value.Files >= _last.Bytes + _last.Files)
            {
                _last = value;
            }
        }

        _bar?.Show(new TransferCount(value.Bytes, value.BytesTotal, value.Files, value.FilesTotal));
    }

    /// <summary>Tells what was moved and how fast, and what was left out.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="verb">What was done.</param>
    /// <param name="target">Where to it went.</param>
    /// <param name="result">What was moved.</param>
    /// <param name="spread">How what was put lies on the nodes; null if nothing was put.</param>
    public ExitCode Finish(
        Output output, string verb, string target, TreeResult result, WrittenSpread? spread = null)
    {
        TimeSpan elapsed = _time.GetElapsedTime(_start);
        _bar?.Dispose();
        string count = result.Files == 1 && result.Directories == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"{result.Files} files, ");
        output.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"{verb} {target}: {count}{ByteText.Of(result.Bytes)} in {elapsed.TotalSeconds:F1} s, "
                + $"{ByteText.Rate(result.Bytes, elapsed)}"));
        if (spread is { Short: > 0 })
        {
            output.Note(TextOf(spread));
        }

        foreach (string skipped in result.Skipped)
        {
            output.Note($"Left out: {skipped}");
        }

        output.Object(writer =>
        {
            Write(writer, target, result, elapsed);
            if (spread is { Stripes: > 0 })
            {
                writer.WriteNumber("stripes", spread.Stripes);
                writer.WriteNumber("shortStripes", spread.Short);
                writer.WriteNumber("nodesThatMayBeLost", spread.LossesMin);
            }
        });
        return result.Skipped.Count == 0 ? ExitCode.Ok : ExitCode.Partial;
    }

    /// <summary>Clears the line on the terminal.</summary>
    public void Dispose() => _bar?.Dispose();

    private static void Write(Utf8JsonWriter writer, string target, TreeResult result, TimeSpan elapsed)
    {
        writer.WriteString("path", target);
        writer.WriteNumber("files", result.Files);
        writer.WriteNumber("directories", result.Directories);
        writer.WriteNumber("links", result.Links);
        writer.WriteNumber("sizeBytes", result.Bytes);
        writer.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 3));
        writer.WriteStartArray("skipped");
        foreach (string skipped in result.Skipped)
        {
            writer.WriteStringValue(skipped);
        }

        writer.WriteEndArray();
    }

    // Nodes move and rebuild by themselves once the others are back.
    private static string TextOf(WrittenSpread spread) => string.Create(
        CultureInfo.InvariantCulture,
        $"Storage nodes are away: of {spread.Short} of {spread.Stripes} stripes "
            + $"{(spread.LossesMin == 0 ? "no" : $"only {spread.LossesMin}")} further "
            + $"{(spread.LossesMin == 1 ? "node" : "nodes")} may be lost, until they are back (usually "
            + $"{spread.LossesUsual})");

    private static int WidthOfTerminal()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : WidthCharacters;
        }
        catch (IOException)
        {
            return WidthCharacters;
        }
    }
}
