using SigmaComms.Cryptography;

namespace SigmaComms.Client.Contacts;

/// <summary>What is known of an account whose messages wait.</summary>
/// <param name="since">When its first message came.</param>
internal sealed class WaitingAccount(DateTimeOffset since)
{
    /// <summary>When its first message came.</summary>
    public DateTimeOffset Since { get; } = since;

    /// <summary>Nodes that do not know it.</summary>
    public HashSet<NodeId> DeniedBy { get; } = [];

    /// <summary>Whether the user has to decide about it, so that looking up does not help.</summary>
    public bool IsBlocked { get; set; }

    /// <summary>How often it was looked up in vain.</summary>
    public int Tries { get; set; }

    /// <summary>When to look it up next; null while that is under way, or useless.</summary>
    public DateTimeOffset? NextTry { get; set; } = since;
}
