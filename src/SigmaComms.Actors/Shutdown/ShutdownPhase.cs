namespace SigmaComms.Actors.Shutdown;

/// <summary>One step of a shutdown.</summary>
/// <param name="Name">Unique among the phases.</param>
/// <param name="Timeout">More than zero: the next phase begins then, whatever this one's tasks do.</param>
public sealed record ShutdownPhase(string Name, TimeSpan Timeout)
{
    /// <summary>Nothing new is let in. 5 s.</summary>
    public static ShutdownPhase StopIntake { get; } = new("stop-intake", TimeSpan.FromSeconds(5));

    /// <summary>What was let in is finished. 10 s.</summary>
    public static ShutdownPhase Drain { get; } = new("drain", TimeSpan.FromSeconds(10));

    /// <summary>Peers are told. 10 s.</summary>
    public static ShutdownPhase Leave { get; } = new("leave", TimeSpan.FromSeconds(10));

    /// <summary>The system's own: all actors are stopped. 15 s. No task can be added to it.</summary>
    public static ShutdownPhase StopActors { get; } = new("stop-actors", TimeSpan.FromSeconds(15));

    /// <summary>What was written is made durable; logs and traces are sent. 5 s.</summary>
    public static ShutdownPhase Flush { get; } = new("flush", TimeSpan.FromSeconds(5));
}
