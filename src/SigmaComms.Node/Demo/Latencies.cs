using System.Globalization;

namespace SigmaComms.Node.Demo;

/// <summary>Times from sending to receiving, as the two users see them.</summary>
internal sealed class Latencies
{
    private readonly List<TimeSpan> _samples = [];

    /// <summary>How many there are.</summary>
    public int Count => _samples.Count;

    /// <summary>Adds one.</summary>
    public void Add(TimeSpan sample) => _samples.Add(sample);

    /// <summary>The smallest value that this share of the samples does not exceed.</summary>
    /// <param name="share">0 to 1.</param>
    public TimeSpan Percentile(double share)
    {
        TimeSpan[] sorted = [.. _samples.Order()];
        int rank = (int)Math.Ceiling(share * sorted.Length);
        return sorted.Length == 0 ? TimeSpan.Zero : sorted[Math.Max(0, rank - 1)];
    }

    /// <summary>The same in milliseconds, for people.</summary>
    public string Milliseconds(double share) => Count == 0
        ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"{Percentile(share).TotalMilliseconds:F1} ms");
}
