namespace SigmaComms.ConstantTime.Tests.Timing;

/// <summary>Welch's t of two samples, gathered one value at a time.</summary>
internal sealed class WelchTest
{
    private readonly double[] _count = new double[2];
    private readonly double[] _mean = new double[2];
    private readonly double[] _squares = new double[2];

    /// <summary>Adds a value to one of the samples.</summary>
    /// <param name="sample">0 or 1.</param>
    /// <param name="value">The value.</param>
    public void Add(int sample, double value)
    {
        _count[sample]++;
        double before = value - _mean[sample];
        _mean[sample] += before / _count[sample];
        _squares[sample] += before * (value - _mean[sample]);
    }

    /// <summary>How many standard errors the two means are apart.</summary>
    public double T => Math.Abs(_mean[0] - _mean[1]) / Math.Sqrt(ErrorOf(0) + ErrorOf(1));

    private double ErrorOf(int sample) => _squares[sample] / (_count[sample] - 1) / _count[sample];
}
