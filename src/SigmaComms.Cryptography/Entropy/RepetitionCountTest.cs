namespace SigmaComms.Cryptography.Entropy;

/// <summary>Notices a raw source that is stuck on one value. Not safe for two threads.</summary>
/// <remarks>A source with the claimed entropy raises a false alarm once in 2^30 bytes.</remarks>
/// <standard>NIST SP 800-90B, section 4.4.1.</standard>
public sealed class RepetitionCountTest
{
    private int _last = -1;
    private int _run;

    /// <summary>Prepares the test.</summary>
    /// <param name="minEntropyPerByte">What the source claims: bits for each byte, above 0 and at most 8.</param>
    /// <exception cref="ArgumentOutOfRangeException">The claim is not in its range.</exception>
    public RepetitionCountTest(double minEntropyPerByte)
    {
        HealthTestLevel.RequireClaim(minEntropyPerByte);
        Cutoff = 1 + (int)Math.Ceiling(HealthTestLevel.FalseAlarmBits / minEntropyPerByte);
    }

    /// <summary>So many equal bytes in a row raise the alarm.</summary>
    public int Cutoff { get; }

    /// <summary>Takes the next byte of the source.</summary>
    /// <returns>False if it is one too many of its kind.</returns>
    public bool Accepts(byte sample)
    {
        _run = sample == _last ? _run + 1 : 1;
        _last = sample;
        return _run < Cutoff;
    }
}
