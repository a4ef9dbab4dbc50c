namespace SigmaComms.Client.Sessions;

/// <summary>What became of a message that was to be sealed.</summary>
internal enum SendStatus
{
    /// <summary>Sealed; durable with the next commit.</summary>
    Sealed,

    /// <summary>It was sealed before; nothing happened.</summary>
    Known,

    /// <summary>There is no session yet: try again with a prekey bundle.</summary>
    NeedsBundle,

    /// <summary>The bundle is not from this device, or expired.</summary>
    BundleRejected,

    /// <summary>The peer's identity changed; the user must accept it first.</summary>
    IdentityChanged,

    /// <summary>Too much waits already.</summary>
    Full,
}
