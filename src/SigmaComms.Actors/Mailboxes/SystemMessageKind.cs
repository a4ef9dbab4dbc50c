namespace SigmaComms.Actors.Mailboxes;

/// <summary>What the runtime itself tells an actor's cell.</summary>
internal enum SystemMessageKind
{
    Create,
    Stop,
    /// <summary>The supervisor is suspended.</summary>
    Suspend,

    /// <summary>The supervisor goes on.</summary>
    Unsuspend,

    /// <summary>The decision to go on after a failure, by its number.</summary>
    Resume,
    Restart,
    BackoffElapsed,
    StepDone,
    StopTimedOut,
    ChildFailed,
    ChildTerminated,
}
