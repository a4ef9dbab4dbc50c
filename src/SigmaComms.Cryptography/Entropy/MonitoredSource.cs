using System.Security.Cryptography;

namespace SigmaComms.Cryptography.Entropy;

/// <summary>A raw source of entropy, a device for example, that is believed only while its health tests pass.</summary>
/// <remarks>
/// An alarm stays until <see cref="Restart"/>: what came just before it is not to be trusted either. Not safe for two
/// threads.
/// </remarks>
/// <standard>NIST SP 800-90B, sections 4.3 and 4.4.</standard>
public sealed class MonitoredSource
{
    /// <summary>Bytes that are tested and thrown away before the first use: 1,024.</summary>
    public const int StartUpSize = 1024;

    private readonly IRandomSource _raw;
    private readonly double _minEntropyPerByte;
    private RepetitionCountTest _repetition;
    private AdaptiveProportionTest _proportion;
    private bool _started;

    /// <summary>Watches a source; nothing is read yet.</summary>
    /// <param name="raw">The source, without any conditioning.</param>
    /// <param name="minEntropyPerByte">What it claims: bits for each byte, above 0 and at most 8.</param>
    /// <exception cref="ArgumentOutOfRangeException">The claim is not in its range.</exception>
    public MonitoredSource(IRandomSource raw, double minEntropyPerByte)
    {
        _raw = raw;
        _minEntropyPerByte = minEntropyPerByte;
        _repetition = new RepetitionCountTest(minEntropyPerByte);
        _proportion = new AdaptiveProportionTest(minEntropyPerByte);
    }

    /// <summary>What was found; it stays.</summary>
    public EntropyAlarm Alarm { get; private set; }

    /// <summary>Reads raw bytes.</summary>
    /// <param name="destination">Receives them.</param>
    /// <returns>False, with the destination zeroed, if there is an alarm.</returns>
    public bool TryRead(Span<byte> destination)
    {
        if (!_started)
        {
            _started = true;
            Span<byte> first = stackalloc byte[StartUpSize];
            ReadTested(first);
            CryptographicOperations.ZeroMemory(first);
        }

        ReadTested(destination);
        if (Alarm != EntropyAlarm.None)
        {
            CryptographicOperations.ZeroMemory(destination);
        }

        return Alarm == EntropyAlarm.None;
    }

    /// <summary>Forgets the alarm, after the source was mended; the start-up test runs again.</summary>
    public void Restart()
    {
        Alarm = EntropyAlarm.None;
        _repetition = new RepetitionCountTest(_minEntropyPerByte);
        _proportion = new AdaptiveProportionTest(_minEntropyPerByte);
        _started = false;
    }

    private void ReadTested(Span<byte> destination)
    {
        if (Alarm != EntropyAlarm.None)
        {
            return;
        }

        _raw.Fill(destination);
        foreach (byte sample in destination)
        {
            bool repeats = !_repetition.Accepts(sample);
            bool biased = !_proportion.Accepts(sample);
            if (Alarm == EntropyAlarm.None && (repeats || biased))
            {
                Alarm = repeats ? EntropyAlarm.Repetition : EntropyAlarm.Proportion;
            }
        }
    }
}
