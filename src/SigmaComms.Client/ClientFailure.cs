namespace SigmaComms.Client;

/// <summary>Why the client could not do what was asked.</summary>
public enum ClientFailure
{
    /// <summary>The directory knows no account of this name.</summary>
    UnknownRecipient,

    /// <summary>The name is not one an account can have.</summary>
    InvalidName,

    /// <summary>The text is over 60 KiB, or the file over its limit.</summary>
    TooLarge,

    /// <summary>The peer's account key is not the one that was trusted; the user must accept it first.</summary>
    IdentityChanged,

    /// <summary>No node could be reached in time, or the cluster cannot do it now.</summary>
    Unavailable,

    /// <summary>The cluster refused, and will refuse again.</summary>
    Refused,

    /// <summary>What a node sent is not signed by whom it should be.</summary>
    NotAuthentic,

    /// <summary>The control log does not prove yet whose the name is.</summary>
    ProofAwaited,

    /// <summary>Too many messages wait already.</summary>
    OutboxFull,

    /// <summary>Fragments of the attachment are not on the cluster any more.</summary>
    AttachmentMissing,

    /// <summary>A part of the attachment, or all of it, is not what was sent.</summary>
    AttachmentDamaged,

    /// <summary>The file changed while it was read.</summary>
    FileChanged,

    /// <summary>A file or folder could not be read or written.</summary>
    Disk,

    /// <summary>The identity was made for another cluster.</summary>
    WrongCluster,

    /// <summary>Another process of this identity took the mailbox over.</summary>
    Replaced,

    /// <summary>The client was closed.</summary>
    Closed,

    /// <summary>The agent's answer, or the request to it, was not understood.</summary>
    Protocol,

    /// <summary>Another process gets this identity's messages; one at a time may.</summary>
    AlreadyListening,
}
