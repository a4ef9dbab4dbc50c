namespace SigmaComms.Client;

/// <summary>What may happen around the messages.</summary>
public enum ClientEventKind
{
    /// <summary>The first link stands.</summary>
    Connected,

    /// <summary>The link is gone; another is being made.</summary>
    Disconnected,

    /// <summary>A new link stands after a loss, perhaps to another node.</summary>
    FailedOver,

    /// <summary>Another process of this identity took the mailbox over.</summary>
    Replaced,

    /// <summary>The directory has this account and its prekeys.</summary>
    Published,

    /// <summary>The directory refuses this account's record.</summary>
    PublishRefused,

    /// <summary>A node showed what cannot be true of the control log; the detail says what was seen.</summary>
    ProofRefused,

    /// <summary>Whose a name is, is not proven yet; nothing is sent to it or taken from it before.</summary>
    ProofAwaited,

    /// <summary>The control log has other keys under the own name; the detail says which.</summary>
    OwnKeysDiffer,

    /// <summary>A peer's identity is not the trusted one.</summary>
    IdentityChanged,

    /// <summary>This device or a peer's has lost what it had stored of a conversation; the detail says more.</summary>
    HistoryLost,
}
