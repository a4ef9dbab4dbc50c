namespace SigmaComms.Actors;

/// <summary>
/// Where an actor's turns run, if not on the thread pool with all others. In a simulation all turns run on its one
/// thread, whatever is chosen here.
/// </summary>
public sealed class Dispatcher
{
    private Dispatcher(DispatcherKind kind, int turnsMax)
    {
        Kind = kind;
        TurnsMax = turnsMax;
    }

    /// <summary>
    /// A thread for each actor alone, for work that blocks: databases, files. What its handlers await goes on there.
    /// </summary>
    public static Dispatcher Pinned { get; } = new(DispatcherKind.Pinned, 1);

    /// <summary>
    /// One thread for all such actors of a system, with a higher priority where the machine grants one: for the few
    /// that must have their turn however busy the pool is. Their handlers must be short.
    /// </summary>
    public static Dispatcher Control { get; } = new(DispatcherKind.Control, 1);

    internal DispatcherKind Kind { get; }

    internal int TurnsMax { get; }

    /// <summary>
    /// A bulkhead: of all actors of a system that share this very object, only so many have a turn at a time, so that
    /// they cannot take the whole pool. A pending handler that does not hold its thread does not count.
    /// </summary>
    /// <param name="turnsMax">Turns at a time, at least 1.</param>
    public static Dispatcher Limited(int turnsMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(turnsMax, 1);
        return new Dispatcher(DispatcherKind.Limited, turnsMax);
    }
}
