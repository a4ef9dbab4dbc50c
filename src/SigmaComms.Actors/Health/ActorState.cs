namespace SigmaComms.Actors.Health;

/// <summary>What an actor is doing.</summary>
public enum ActorState : byte
{
    /// <summary>Its instance is being made or PreStart runs.</summary>
    Starting,

    /// <summary>It handles messages or waits for one.</summary>
    Running,

    /// <summary>A handler is pending.</summary>
    Awaiting,

    /// <summary>It failed, or its supervisor did, and waits for a decision.</summary>
    Suspended,

    /// <summary>It waits before its restart.</summary>
    Backoff,

    /// <summary>It is ending.</summary>
    Stopping,

    /// <summary>Its last handler did not end in time and was left behind.</summary>
    Abandoned,

    /// <summary>It has ended.</summary>
    Stopped,
}
