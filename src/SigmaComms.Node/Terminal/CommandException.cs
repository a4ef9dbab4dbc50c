namespace SigmaComms.Node.Terminal;

/// <summary>A command cannot go on. Three lines for the person: what failed, why, and what to do next.</summary>
internal sealed class CommandException : Exception
{
    public CommandException(ExitCode exitCode, string what, string why, string next, Exception? cause = null)
        : base($"{what}: {why}", cause)
    {
        ExitCode = exitCode;
        What = what;
        Why = why;
        Next = next;
    }

    /// <summary>What the process exits with.</summary>
    public ExitCode ExitCode { get; }

    /// <summary>What failed.</summary>
    public string What { get; }

    /// <summary>Why it failed.</summary>
    public string Why { get; }

    /// <summary>What the person can do.</summary>
    public string Next { get; }
}
