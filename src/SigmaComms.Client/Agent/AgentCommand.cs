namespace SigmaComms.Client.Agent;

/// <summary>The commands of the agent.</summary>
public static class AgentCommand
{
    /// <summary>Sends a text: to, text. Replies: stored, accepted, delivered.</summary>
    public const string Send = "send";

    /// <summary>Sends a file: to, path. Replies: progress, stored, accepted, delivered.</summary>
    public const string SendFile = "send-file";

    /// <summary>Gives what came in, and what comes from now on. Replies: item, again and again.</summary>
    public const string Subscribe = "subscribe";

    /// <summary>The application has the item: item. Reply: done.</summary>
    public const string Mark = "mark";

    /// <summary>Fetches an attachment: item, path. Replies: progress, done.</summary>
    public const string Download = "download";

    /// <summary>How the client is doing. Reply: status.</summary>
    public const string Status = "status";

    /// <summary>The identity of a peer: to. Reply: safety-number, with what has changed.</summary>
    public const string SafetyNumber = "safety-number";

    /// <summary>Trusts the changed identity of a peer: to, shown. Reply: done.</summary>
    public const string Accept = "accept";

    /// <summary>Refuses the changed account of a peer: to, shown. Reply: done.</summary>
    public const string Reject = "reject";

    /// <summary>Ends the agent. Reply: done.</summary>
    public const string Stop = "stop";
}
