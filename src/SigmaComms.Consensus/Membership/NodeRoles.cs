namespace SigmaComms.Consensus.Membership;

/// <summary>What a node does for the cluster.</summary>
[Flags]
public enum NodeRoles : ushort
{
    /// <summary>Nothing yet.</summary>
    None = 0,

    /// <summary>Votes in the control log.</summary>
    Validator = 1,

    /// <summary>Stores fragments of vaults.</summary>
    Storage = 2,

    /// <summary>Keeps mailboxes.</summary>
    Mailbox = 4,

    /// <summary>Challenges storage nodes.</summary>
    Auditor = 8,

    /// <summary>Serves quantum keys.</summary>
    KeyManagement = 16,

    /// <summary>All there are.</summary>
    All = Validator | Storage | Mailbox | Auditor | KeyManagement,
}
