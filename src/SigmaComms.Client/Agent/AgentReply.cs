namespace SigmaComms.Client.Agent;

/// <summary>
/// One line from the agent; see docs/formats/agent-protocol.md. What an event does not need is left out.
/// </summary>
public sealed record AgentReply
{
    /// <summary>The request's id; 0 if the request could not be read.</summary>
    public long Id { get; init; }

    /// <summary>What it says; one of <see cref="AgentEvent"/>.</summary>
    public string? Event { get; init; }

    /// <summary>Why a command failed, for programs: a <see cref="ClientFailure"/>.</summary>
    public string? Code { get; init; }

    /// <summary>Why a command failed and what to do, for people.</summary>
    public string? Message { get; init; }

    /// <summary>Names the message, on both sides.</summary>
    public string? MessageId { get; init; }

    /// <summary>Names the item in later requests.</summary>
    public string? Item { get; init; }

    /// <summary>Account name of the sender.</summary>
    public string? From { get; init; }

    /// <summary>Place of the item in its conversation.</summary>
    public ulong? Counter { get; init; }

    /// <summary>The sender's clock.</summary>
    public DateTimeOffset? Sent { get; init; }

    /// <summary>The text of an item that is one.</summary>
    public string? Text { get; init; }

    /// <summary>The file name of an item that is an attachment.</summary>
    public string? FileName { get; init; }

    /// <summary>The file's size in bytes.</summary>
    public long? FileBytes { get; init; }

    /// <summary>SHA-256 of the file.</summary>
    public string? FileHash { get; init; }

    /// <summary>Bytes that are through.</summary>
    public long? DoneBytes { get; init; }

    /// <summary>Bytes in all.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>The safety number.</summary>
    public string? Number { get; init; }

    /// <summary>What has changed of the identity that the safety number is of: None, Account or Device.</summary>
    public string? Change { get; init; }

    /// <summary>Names the identity that the safety number is of, in a later decision.</summary>
    public string? Shown { get; init; }

    /// <summary>The peer's account record, signed by the account, in base 64.</summary>
    public string? Account { get; init; }

    /// <summary>The status.</summary>
    public AgentStatus? Status { get; init; }
}
