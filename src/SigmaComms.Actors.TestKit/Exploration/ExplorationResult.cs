namespace SigmaComms.Actors.TestKit.Exploration;

/// <summary>What an exploration came to.</summary>
/// <param name="Finding">The first fault, or null if there was none.</param>
/// <param name="Runs">Runs until then, those that shortened it aside.</param>
/// <param name="IsComplete">Whether every order within the given bounds was tried.</param>
public sealed record ExplorationResult(Finding? Finding, int Runs, bool IsComplete)
{
    /// <summary>Fails the test if there was a fault.</summary>
    /// <exception cref="ExplorationException">There was; the message says how to repeat it.</exception>
    public void ThrowIfFound()
    {
        if (Finding is not null)
        {
            throw new ExplorationException(Finding.ToString(), Finding.Fault);
        }
    }
}
