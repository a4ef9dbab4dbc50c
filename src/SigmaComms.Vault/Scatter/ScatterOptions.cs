namespace SigmaComms.Vault.Scatter;

/// <summary>Bounds of the pipelines that write and read stripes.</summary>
public sealed class ScatterOptions
{
    /// <summary>Bytes of stripes under way at once, at least one stripe. Default 16 MiB.</summary>
    public long WindowBytes { get; set; } = 16L << 20;

    /// <summary>How long a node may take to keep a fragment, above zero. Default 10 s.</summary>
    public TimeSpan PutLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a node may take to give a fragment, above zero. Default 10 s.</summary>
    public TimeSpan GetLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The soonest that a further fragment is asked for when reads are slow. Default 5 ms.</summary>
    public TimeSpan HedgeMin { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The latest that it is asked for, and when nothing is known yet. Default 500 ms.</summary>
    public TimeSpan HedgeMax { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Fragments beyond k that must be acknowledged, at most m of them; at least 0. Default 1.</summary>
    public int SparesMin { get; set; } = 1;

    /// <summary>Throws if a bound is out of its range.</summary>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(WindowBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(PutLimit, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(GetLimit, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(HedgeMin, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(HedgeMax, HedgeMin);
        ArgumentOutOfRangeException.ThrowIfNegative(SparesMin);
    }
}
