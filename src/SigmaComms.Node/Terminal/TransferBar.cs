using System.Globalization;
using System.Text;

namespace SigmaComms.Node.Terminal;

/// <summary>
/// How far a transfer is: one line of a terminal that is written over, at most ten times a second, and cleared at the
/// end.
/// </summary>
/// <remarks>Safe to call from any thread.</remarks>
/// <param name="terminal">Standard error, where it is a terminal.</param>
/// <param name="time">The clock.</param>
/// <param name="widthCharacters">The terminal's width.</param>
internal sealed class TransferBar(TextWriter terminal, TimeProvider time, int widthCharacters) : IDisposable
{
    private const int BarCharacters = 20;

    /// <summary>The rate is that of the last five seconds.</summary>
    private const int SamplesMax = 50;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly Queue<(long At, long Bytes)> _samples = new([(time.GetTimestamp(), 0)]);
    private long? _drawnAt;
    private bool _isOver;

    /// <summary>Shows how far it is, unless it was just shown.</summary>
    /// <param name="progress">How far.</param>
    public void Show(TransferCount progress)
    {
        lock (_lock)
        {
            if (_isOver || (_drawnAt is { } last && time.GetElapsedTime(last) < Period))
            {
                return;
            }

            long now = time.GetTimestamp();
            _drawnAt = now;
            _samples.Enqueue((now, progress.Bytes));
            if (_samples.Count > SamplesMax)
            {
                _samples.Dequeue();
            }

            string line = LineOf(progress, RateOf(now, progress.Bytes));
            string shown = line.Length < widthCharacters ? line : line[..Math.Max(widthCharacters - 1, 0)];
            terminal.Write($"\r{shown}\u001b[K");
            terminal.Flush();
        }
    }

    /// <summary>Clears the line. May be called twice.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_isOver && _drawnAt is not null)
            {
                terminal.Write("\r\u001b[K");
                terminal.Flush();
            }

            _isOver = true;
        }
    }

    private double RateOf(long now, long bytes)
    {
        (long at, long before) = _samples.Peek();
        TimeSpan passed = time.GetElapsedTime(at, now);
        return passed > TimeSpan.Zero ? Math.Max(bytes - before, 0) / passed.TotalSeconds : 0;
    }

    private static string LineOf(TransferCount progress, double bytesPerSecond)
    {
        StringBuilder line = new();
        bool isTotalKnown = progress.BytesTotal > 0;
        if (isTotalKnown)
        {
            double part = Math.Clamp((double)progress.Bytes / progress.BytesTotal, 0, 1);
            int full = (int)(part * BarCharacters);
            line.Append(CultureInfo.InvariantCulture, $"{Math.Floor(part * 100),3:F0} % [");
            line.Append('#', full).Append('.', BarCharacters - full).Append("] ");
        }

        line.Append(ByteText.Of(progress.Bytes));
        if (isTotalKnown)
        {
            line.Append(" of ").Append(ByteText.Of(progress.BytesTotal));
        }

        if (progress.FilesTotal > 1 || (progress.FilesTotal < 0 && progress.Files > 1))
        {
            line.Append(CultureInfo.InvariantCulture, $", {progress.Files}");
            line.Append(progress.FilesTotal > 1 ? $" of {progress.FilesTotal}" : "").Append(" files");
        }

        line.Append(", ").Append(ByteText.Of(bytesPerSecond)).Append("/s");
        if (isTotalKnown && bytesPerSecond > 0)
        {
            double seconds = Math.Max(progress.BytesTotal - progress.Bytes, 0) / bytesPerSecond;
            line.Append(", ").Append(TimeLeft(seconds)).Append(" left");
        }

        return line.ToString();
    }

    private static string TimeLeft(double seconds)
    {
        const double secondsMax = 99 * 3600;
        var left = TimeSpan.FromSeconds(Math.Ceiling(Math.Min(seconds, secondsMax)));
        return left.TotalHours >= 1
            ? string.Create(
                CultureInfo.InvariantCulture, $"{(int)left.TotalHours}:{left.Minutes:D2}:{left.Seconds:D2}")
            : string.Create(CultureInfo.InvariantCulture, $"{left.Minutes}:{left.Seconds:D2}");
    }
}
