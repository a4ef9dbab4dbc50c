namespace SigmaComms.Actors.Shutdown;

/// <summary>What became of a shutdown.</summary>
/// <param name="Reason">Why it was begun.</param>
/// <param name="Phases">Its phases, in their order.</param>
public sealed record ShutdownReport(string Reason, IReadOnlyList<ShutdownPhaseReport> Phases)
{
    /// <summary>Whether every task of every phase ended in time without a failure.</summary>
    public bool IsClean => Phases.All(static phase => phase.IsClean);
}
