namespace SigmaComms.Actors.TestKit.Exploration;

/// <summary>What counts as a fault in an explored scenario, and how much is tried.</summary>
public sealed class ExplorationOptions
{
    /// <summary>Changes the settings of each run's system, or null.</summary>
    public Action<ActorSystemOptions>? Configure { get; set; }

    /// <summary>Whether the failure of an actor is part of the scenario. Default: it is a fault.</summary>
    public bool ActorsMayFail { get; set; }

    /// <summary>Whether handlers may be pending at the end. Default: who waits for ever is a fault.</summary>
    public bool ActorsMayWait { get; set; }

    /// <summary>Steps of one run, at least 1; more are a fault. Default 20,000.</summary>
    public int StepsMax { get; set; } = 20_000;

    /// <summary>How far the clock may go for what waits at the end of a run. Default 1 minute.</summary>
    public TimeSpan WaitMax { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often in a run a timer may fire while steps are due, at least 0. Default 0: never.</summary>
    public int EarlyTimersMax { get; set; }

    /// <summary>Only timers that are due within this time fire early. Default 1 s.</summary>
    public TimeSpan EarlyTimersWithin { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Runs to spend on making a found schedule short, at least 0. Default 300.</summary>
    public int ShrinkRunsMax { get; set; } = 300;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(StepsMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(WaitMax, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(EarlyTimersMax, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(EarlyTimersWithin, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(ShrinkRunsMax, 0);
    }
}
