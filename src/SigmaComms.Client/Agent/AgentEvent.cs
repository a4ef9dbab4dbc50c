namespace SigmaComms.Client.Agent;

/// <summary>What a reply of the agent says.</summary>
public static class AgentEvent
{
    /// <summary>The command is done.</summary>
    public const string Done = "done";

    /// <summary>The command failed: code, message.</summary>
    public const string Error = "error";

    /// <summary>The message is durable on this machine: message-id.</summary>
    public const string Stored = "stored";

    /// <summary>Two nodes keep the message.</summary>
    public const string Accepted = "accepted";

    /// <summary>The recipient has the message.</summary>
    public const string Delivered = "delivered";

    /// <summary>How far a transfer is: done-bytes, total-bytes.</summary>
    public const string Progress = "progress";

    /// <summary>A message came in.</summary>
    public const string Item = "item";

    /// <summary>The status.</summary>
    public const string Status = "status";

    /// <summary>The safety number: number.</summary>
    public const string SafetyNumber = "safety-number";
}
