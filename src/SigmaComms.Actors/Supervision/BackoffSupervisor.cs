namespace SigmaComms.Actors.Supervision;

/// <summary>
/// An actor that keeps one child alive with growing waits, and hands it all its messages. It answers
/// <see cref="GetChild"/> and <see cref="GetRestarts"/>, and obeys <see cref="Reset"/>.
/// </summary>
public static class BackoffSupervisor
{
    /// <summary>The recipe of the supervisor.</summary>
    /// <param name="child">The recipe of its child.</param>
    /// <param name="childName">The child's name.</param>
    /// <param name="options">How it is kept alive.</param>
    public static Props Props(Props child, string childName, BackoffOptions options)
    {
        ArgumentNullException.ThrowIfNull(child);
        ArgumentException.ThrowIfNullOrEmpty(childName);
        ArgumentNullException.ThrowIfNull(options);
        return Actors.Props.Create(() => new BackoffSupervisorActor(child, childName, options));
    }

    /// <summary>Asks for the child. Answer: <see cref="Child"/>.</summary>
    public sealed record GetChild
    {
        /// <summary>The message.</summary>
        public static GetChild Instance { get; } = new();
    }

    /// <summary>The child at this moment.</summary>
    /// <param name="Actor">The child, or null while it waits to be started again as a new actor.</param>
    public sealed record Child(IActorRef? Actor);

    /// <summary>Asks how often the child was started again in a row. Answer: <see cref="Restarts"/>.</summary>
    public sealed record GetRestarts
    {
        /// <summary>The message.</summary>
        public static GetRestarts Instance { get; } = new();
    }

    /// <summary>How often the child was started again in a row.</summary>
    /// <param name="InRow">Starts since the waits last began anew.</param>
    public sealed record Restarts(int InRow);

    /// <summary>All is well again: the waits begin anew. Sent by the child or anybody else.</summary>
    public sealed record Reset
    {
        /// <summary>The message.</summary>
        public static Reset Instance { get; } = new();
    }
}
