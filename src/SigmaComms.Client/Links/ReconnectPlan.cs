using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Links;

/// <summary>
/// Which node to try next and how long to wait first: once through the whole list without delay, then with delays that
/// double and vary, so that many clients of a node that died do not come back in step.
/// </summary>
internal sealed class ReconnectPlan
{
    /// <summary>The most endpoints it takes from the profile.</summary>
    public const int EndpointsMax = 64;

    /// <summary>The most endpoints it learns beside them.</summary>
    public const int LearnedMax = 16;

    private const int LearnedFailuresMax = 3;
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Last = TimeSpan.FromSeconds(5);

    private readonly IRandomSource _random;
    private readonly int _given;
    private readonly Dictionary<string, int> _failuresOfLearned = new(StringComparer.Ordinal);
    private string[] _endpoints;
    private int _next;
    private int _failures;

    /// <summary>Starts at the first endpoint.</summary>
    /// <param name="endpoints">host:port, in the order of preference; at least one.</param>
    /// <param name="random">For the jitter.</param>
    public ReconnectPlan(IEnumerable<string> endpoints, IRandomSource random)
    {
        _endpoints = [.. endpoints.Distinct(StringComparer.Ordinal).Take(EndpointsMax)];
        _random = random;
        _given = _endpoints.Length;
        if (_endpoints.Length == 0)
        {
            throw new ArgumentException("At least one endpoint is needed.", nameof(endpoints));
        }
    }

    /// <summary>All endpoints. Safe to read from any thread.</summary>
    public IReadOnlyList<string> Endpoints => Volatile.Read(ref _endpoints);

    /// <summary>Attempts that failed since the last success.</summary>
    public int Failures => _failures;

    /// <summary>The endpoint to try now.</summary>
    public string Current => _endpoints[_next];

    /// <summary>The attempt failed, or the link broke: go on with the next endpoint.</summary>
    /// <returns>How long to wait before it.</returns>
    public TimeSpan Failed()
    {
        _failures++;
        bool isForgotten = IsLearned(Current) && ++_failuresOfLearned[Current] >= LearnedFailuresMax;
        if (isForgotten)
        {
            Forget(Current);
        }

        _next = (isForgotten ? _next : _next + 1) % _endpoints.Length;
        int rounds = _failures / _endpoints.Length;
        if (rounds == 0)
        {
            return TimeSpan.Zero;
        }

        double fullMs = Math.Min(
            First.TotalMilliseconds * Math.Pow(2, Math.Min(rounds - 1, 16)), Last.TotalMilliseconds);
        return TimeSpan.FromMilliseconds((fullMs / 2) + (fullMs / 2 * Fraction()));
    }

    /// <summary>The link stands, to a node that showed its admission.</summary>
    public void Succeeded()
    {
        _failures = 0;
        if (IsLearned(Current))
        {
            _failuresOfLearned[Current] = 0;
        }
    }

    /// <summary>
    /// Hears of further nodes. That is one node's word: they come after those of the profile, are few, and one that
    /// fails three times in a row, be it that no admitted node is there, is forgotten.
    /// </summary>
    /// <param name="endpoints">host:port; what is known already is passed over.</param>
    public void Learn(IEnumerable<string> endpoints)
    {
        foreach (string endpoint in endpoints)
        {
            bool hasRoom = _endpoints.Length - _given < LearnedMax;
            if (hasRoom && NodeEndpoint.TryParse(endpoint, out _)
                && !_endpoints.Contains(endpoint, StringComparer.Ordinal))
            {
                Volatile.Write(ref _endpoints, [.. _endpoints, endpoint]);
                _failuresOfLearned[endpoint] = 0;
            }
        }
    }

    private bool IsLearned(string endpoint) => _failuresOfLearned.ContainsKey(endpoint);

    private void Forget(string endpoint)
    {
        _failuresOfLearned.Remove(endpoint);
        Volatile.Write(ref _endpoints, [.. _endpoints.Where(other => other != endpoint)]);
    }

    private double Fraction()
    {
        Span<byte> bytes = stackalloc byte[2];
        _random.Fill(bytes);
        return ((bytes[0] << 8) | bytes[1]) / 65536.0;
    }
}
