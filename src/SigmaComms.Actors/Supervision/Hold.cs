namespace SigmaComms.Actors.Supervision;

/// <summary>Why an actor takes no message now.</summary>
[Flags]
internal enum Hold : byte
{
    /// <summary>It does.</summary>
    None = 0,

    /// <summary>It has not started, waits before a restart, or is ending.</summary>
    NotRunning = 1,

    /// <summary>A step is pending.</summary>
    Pending = 2,

    /// <summary>Its supervisor is suspended.</summary>
    ParentSuspended = 4,

    /// <summary>It failed, and nothing was decided yet.</summary>
    Failed = 8,

    /// <summary>Its old instance is on its way out.</summary>
    Restarting = 16,
}
