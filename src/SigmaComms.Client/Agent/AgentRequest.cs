namespace SigmaComms.Client.Agent;

/// <summary>
/// One line to the agent; see docs/formats/agent-protocol.md. What a command does not need is left out.
/// </summary>
public sealed record AgentRequest
{
    /// <summary>Chosen by the asker; comes back in every reply.</summary>
    public long Id { get; init; }

    /// <summary>What to do; one of <see cref="AgentCommand"/>.</summary>
    public string? Command { get; init; }

    /// <summary>Account name of the recipient or peer.</summary>
    public string? To { get; init; }

    /// <summary>The text to send.</summary>
    public string? Text { get; init; }

    /// <summary>A file, with its full path.</summary>
    public string? Path { get; init; }

    /// <summary>An item, as the agent named it.</summary>
    public string? Item { get; init; }

    /// <summary>The identity that the user was shown and decides on, as the agent named it.</summary>
    public string? Shown { get; init; }
}
