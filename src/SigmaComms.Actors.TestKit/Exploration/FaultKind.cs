namespace SigmaComms.Actors.TestKit.Exploration;

/// <summary>In which way a run went wrong that no assertion of the scenario says.</summary>
internal enum FaultKind
{
    /// <summary>None of the others.</summary>
    Other,

    /// <summary>An actor failed.</summary>
    ActorFailed,

    /// <summary>A failure was escalated above the top.</summary>
    SystemFailed,

    /// <summary>Somebody waits for ever.</summary>
    Stuck,

    /// <summary>There was no rest within the steps.</summary>
    NoRest,
}
