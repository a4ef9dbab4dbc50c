namespace SigmaComms.Persistence.EventSourcing;

/// <summary>How an <see cref="EventStore"/> works. Checked when it is made.</summary>
public sealed class EventStoreOptions
{
    /// <summary>Most actors that recover at once; the others wait. 1 to 10,000. Default 50.</summary>
    public int RecoveriesMax { get; set; } = 50;

    /// <summary>
    /// Longest silence of the store in the middle of a recovery, 1 s to 10 min. Default 30 s. The recovery then fails.
    /// </summary>
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Measures the silence. Default: the system's clock.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Time);
        ArgumentOutOfRangeException.ThrowIfLessThan(RecoveriesMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(RecoveriesMax, 10_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(StallTimeout, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(StallTimeout, TimeSpan.FromMinutes(10));
    }
}
