namespace SigmaComms.Cryptography.Entropy;

/// <summary>Notices a raw source that gives one value far too often. Not safe for two threads.</summary>
/// <remarks>
/// The first byte of each window of 512 is counted within it. A source with the claimed entropy raises a false alarm
/// once in 2^30 windows.
/// </remarks>
/// <standard>NIST SP 800-90B, section 4.4.2.</standard>
public sealed class AdaptiveProportionTest
{
    /// <summary>Bytes in a window: 512.</summary>
    public const int WindowSize = 512;

    private byte _watched;
    private int _seen;
    private int _count;

    /// <summary>Prepares the test.</summary>
    /// <param name="minEntropyPerByte">What the source claims: bits for each byte, above 0 and at most 8.</param>
    /// <exception cref="ArgumentOutOfRangeException">The claim is not in its range.</exception>
    public AdaptiveProportionTest(double minEntropyPerByte)
    {
        HealthTestLevel.RequireClaim(minEntropyPerByte);
        Cutoff = FindCutoff(Math.Pow(2, -minEntropyPerByte));
    }

    /// <summary>So many bytes of the watched value within a window raise the alarm.</summary>
    public int Cutoff { get; }

    /// <summary>Takes the next byte of the source.</summary>
    /// <returns>False if it is one too many of its kind.</returns>
    public bool Accepts(byte sample)
    {
        if (_seen == 0)
        {
            _watched = sample;
            _count = 0;
        }

        _count += sample == _watched ? 1 : 0;
        _seen = (_seen + 1) % WindowSize;
        return _count < Cutoff;
    }

    /// <summary>
    /// The smallest number that the most likely value exceeds in a window with a probability of at most 2^-30, plus
    /// one: the tail of the binomial distribution, summed from its thin end.
    /// </summary>
    private static int FindCutoff(double probability)
    {
        double logOfOdds = Math.Log(probability) - Math.Log(1 - probability);
        double logOfTerm = WindowSize * Math.Log(probability);
        double allowed = Math.Pow(2, -HealthTestLevel.FalseAlarmBits);
        double tail = 0;
        int successes = WindowSize;
        while (successes > 0 && tail + Math.Exp(logOfTerm) <= allowed)
        {
            tail += Math.Exp(logOfTerm);
            logOfTerm += Math.Log(successes) - Math.Log(WindowSize - successes + 1) - logOfOdds;
            successes--;
        }

        return successes + 1;
    }
}
