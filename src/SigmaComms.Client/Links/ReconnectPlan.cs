using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Client.Links;

/// <summary>
/// Which node to try next and how long to wait first: once through the whole list without delay, then with delays that
/// double and vary, so that many clients of a node that died do not come back in step.
/// </summary>
internal sealed class ReconnectPlan
{
    /// <summary>The most endpoints it remembers.</summary>
    public const int EndpointsMax = 64;

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Last = TimeSpan.FromSeconds(5);

    private readonly List<string> _endpoints;
    private readonly IRandomSource _random;
    private int _next;
    private int _failures;

    /// <summary>Starts at the first endpoint.</summary>
    /// <param name="endpoints">host:port, in the order of preference; at least one.</param>
    /// <param name="random">For the jitter.</param>
    public ReconnectPlan(IEnumerable<string> endpoints, IRandomSource random)
    {
        _endpoints = [.. endpoints.Distinct(StringComparer.Ordinal).Take(EndpointsMax)];
        _random = random;
        if (_endpoints.Count == 0)
        {
            throw new ArgumentException("At least one endpoint is needed.", nameof(endpoints));
        }
    }

    /// <summary>All endpoints.</summary>
    public IReadOnlyList<string> Endpoints => _endpoints;

    /// <summary>Attempts that failed since the last success.</summary>
    public int Failures => _failures;

    /// <summary>The endpoint to try now.</summary>
    public string Current => _endpoints[_next];

    /// <summary>The attempt failed, or the link broke: go on with the next endpoint.</summary>
    /// <returns>How long to wait before it.</returns>
    public TimeSpan Failed()
    {
        _failures++;
        _next = (_next + 1) % _endpoints.Count;
        int rounds = _failures / _endpoints.Count;
        if (rounds == 0)
        {
            return TimeSpan.Zero;
        }

        double fullMs = Math.Min(
            First.TotalMilliseconds * Math.Pow(2, Math.Min(rounds - 1, 16)), Last.TotalMilliseconds);
        return TimeSpan.FromMilliseconds((fullMs / 2) + (fullMs / 2 * Fraction()));
    }

    /// <summary>The link stands.</summary>
    public void Succeeded() => _failures = 0;

    /// <summary>Learns of further nodes.</summary>
    /// <param name="endpoints">host:port; what is known already is passed over.</param>
    public void Learn(IEnumerable<string> endpoints)
    {
        foreach (string endpoint in endpoints)
        {
            if (_endpoints.Count < EndpointsMax && !_endpoints.Contains(endpoint, StringComparer.Ordinal))
            {
                _endpoints.Add(endpoint);
            }
        }
    }

    private double Fraction()
    {
        Span<byte> bytes = stackalloc byte[2];
        _random.Fill(bytes);
        return ((bytes[0] << 8) | bytes[1]) / 65536.0;
    }
}
