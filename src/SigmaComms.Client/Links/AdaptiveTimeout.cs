namespace SigmaComms.Client.Links;

/// <summary>
/// How long to wait for an answer before the node counts as frozen: follows the measured round trips.
/// </summary>
/// <standard>RFC 6298, section 2 (smoothed round trip and variation), with wider bounds.</standard>
internal sealed class AdaptiveTimeout
{
    /// <summary>The shortest wait: a busy machine must not look like a dead node.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);

    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(8);

    private const double VariationWeight = 4;
    private const double Margin = 4;

    private double _smoothedMs;
    private double _variationMs;
    private bool _measured;

    /// <summary>The wait for the next answer.</summary>
    public TimeSpan Current
    {
        get
        {
            if (!_measured)
            {
                return Longest;
            }

            double ms = Margin * (_smoothedMs + (VariationWeight * _variationMs));
            return TimeSpan.FromMilliseconds(
                Math.Clamp(ms, Shortest.TotalMilliseconds, Longest.TotalMilliseconds));
        }
    }

    /// <summary>The smoothed round trip; zero before the first answer.</summary>
    public TimeSpan SmoothedRoundTrip => TimeSpan.FromMilliseconds(_smoothedMs);

    /// <summary>Learns from an answer.</summary>
    /// <param name="roundTrip">How long it took.</param>
    public void Add(TimeSpan roundTrip)
    {
        double ms = Math.Max(0, roundTrip.TotalMilliseconds);
        if (!_measured)
        {
            _smoothedMs = ms;
            _variationMs = ms / 2;
            _measured = true;
            return;
        }

        _variationMs = (0.75 * _variationMs) + (0.25 * Math.Abs(_smoothedMs - ms));
        _smoothedMs = (0.875 * _smoothedMs) + (0.125 * ms);
    }
}
