namespace SigmaComms.Actors.Mailboxes;

/// <summary>What the runtime itself tells an actor's cell.</summary>
internal enum SystemMessageKind
{
    Create,
    Stop,
    Suspend,
    Resume,
    Restart,
    BackoffElapsed,
    StepDone,
    StopTimedOut,
    ChildFailed,
    ChildTerminated,
}
