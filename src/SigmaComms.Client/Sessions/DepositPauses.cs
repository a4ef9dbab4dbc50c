namespace SigmaComms.Client.Sessions;

/// <summary>
/// How long to wait before a deposit is tried again. A node that died is missed by the others for a second or three;
/// until then they cannot keep a second copy and say so. So the first pauses are short and equal, and what waits
/// leaves as soon as the cluster takes it; only a trouble that stays is asked about less and less often.
/// </summary>
internal sealed class DepositPauses
{
    /// <summary>How many pauses are short: three seconds of them.</summary>
    public const int ShortCount = 15;

    /// <summary>A short pause.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private const int DoublingsMax = 16;

    private int _failures;

    /// <summary>The cluster took something, or there is a new link: all begins anew.</summary>
    public void Reset() => _failures = 0;

    /// <summary>A round of attempts failed.</summary>
    /// <param name="mayPassSoon">False for a refusal that no failover mends: its pauses double from the first.</param>
    /// <returns>How long to wait.</returns>
    public TimeSpan Next(bool mayPassSoon)
    {
        _failures = Math.Min(Math.Max(_failures + 1, mayPassSoon ? 0 : ShortCount), ShortCount + DoublingsMax);
        int doublings = Math.Max(0, _failures - ShortCount);
        return TimeSpan.FromMilliseconds(
            Math.Min(Short.TotalMilliseconds * Math.Pow(2, doublings), Longest.TotalMilliseconds));
    }
}
