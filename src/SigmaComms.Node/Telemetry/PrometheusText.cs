using System.Globalization;
using System.Text;

namespace SigmaComms.Node.Telemetry;

/// <summary>
/// Prometheus' text format 0.0.4, one metric after the other. OpenTelemetry's names become Prometheus' own: dots are
/// underscores, the unit is part of the name, counters end in _total.
/// </summary>
internal sealed class PrometheusText
{
    private readonly StringBuilder _text = new();

    /// <summary>The name under which Prometheus knows a metric.</summary>
    /// <param name="name">OpenTelemetry's name.</param>
    /// <param name="unit">Its unit in UCUM; one in braces is only a word for people.</param>
    /// <param name="isCounter">Whether it only rises.</param>
    public static string NameOf(string name, string? unit, bool isCounter)
    {
        string suffix = unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            "1" or "%" => "_ratio",
            _ => "",
        };
        string plain = Sanitized(name);
        string measured = plain.EndsWith(suffix, StringComparison.Ordinal) ? plain : plain + suffix;
        return isCounter && !measured.EndsWith("_total", StringComparison.Ordinal) ? measured + "_total" : measured;
    }

    /// <summary>Begins a metric.</summary>
    /// <param name="name">Its Prometheus name.</param>
    /// <param name="type">counter, gauge or histogram.</param>
    /// <param name="help">What it is.</param>
    public void Begin(string name, string type, string? help)
    {
        if (!string.IsNullOrEmpty(help))
        {
            _text.Append("# HELP ").Append(name).Append(' ')
                .Append(help.Replace("\\", "\\\\", StringComparison.Ordinal)
                    .Replace("\n", "\\n", StringComparison.Ordinal))
                .Append('\n');
        }

        _text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    /// <summary>Adds one value.</summary>
    /// <param name="name">The name, with the suffix of a histogram's part.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="value">The value.</param>
    public void Sample(string name, IEnumerable<KeyValuePair<string, string>> labels, double value)
    {
        _text.Append(name);
        char before = '{';
        foreach ((string label, string content) in labels)
        {
            _text.Append(before).Append(Sanitized(label)).Append("=\"").Append(Escaped(content)).Append('"');
            before = ',';
        }

        _text.Append(before == ',' ? "} " : " ").Append(Number(value)).Append('\n');
    }

    /// <summary>A number as Prometheus writes it.</summary>
    public static string Number(double value) =>
        double.IsNaN(value) ? "NaN"
        : double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>All of it in UTF-8.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());

    private static string Escaped(string label) => label.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Sanitized(string name)
    {
        StringBuilder plain = new(name.Length + 1);
        foreach (char c in name)
        {
            bool isDigit = char.IsAsciiDigit(c);
            if (isDigit && plain.Length == 0)
            {
                plain.Append('_');
            }

            plain.Append(isDigit || char.IsAsciiLetter(c) ? c : '_');
        }

        return plain.ToString();
    }
}
