namespace SigmaComms.Actors.Shutdown;

/// <summary>What became of one phase.</summary>
/// <param name="Phase">Its name.</param>
/// <param name="Took">How long it took.</param>
/// <param name="TimedOut">Tasks that were still running when its time was over.</param>
/// <param name="Failed">Tasks that failed, with type and message of the failure.</param>
public sealed record ShutdownPhaseReport(
    string Phase, TimeSpan Took, IReadOnlyList<string> TimedOut, IReadOnlyDictionary<string, string> Failed)
{
    /// <summary>Whether all its tasks ended in time without a failure.</summary>
    public bool IsClean => TimedOut.Count == 0 && Failed.Count == 0;
}
