namespace SigmaComms.Messaging.Links;

/// <summary>Why a request was not done. Numbers are permanent; an unknown one reads as <see cref="Unknown"/>.</summary>
public enum RefusalReason : byte
{
    /// <summary>A reason this version does not know.</summary>
    Unknown = 0,

    /// <summary>The protocol version is not spoken here.</summary>
    WrongProtocol = 1,

    /// <summary>The node belongs to another cluster.</summary>
    WrongCluster = 2,

    /// <summary>
    /// The node's admission is missing, is not its own, or was not signed by this cluster's operator.
    /// </summary>
    NotAdmitted = 3,

    /// <summary>The node's admission has ended.</summary>
    AdmissionExpired = 4,

    /// <summary>A signature does not verify.</summary>
    BadSignature = 5,

    /// <summary>Another live process uses the same identity.</summary>
    IdentityInUse = 6,

    /// <summary>A later process of the same identity took part already.</summary>
    StaleIncarnation = 7,

    /// <summary>The request's time is too far from the receiver's clock.</summary>
    NotFresh = 8,

    /// <summary>The same request was made before.</summary>
    Replayed = 9,

    /// <summary>The node must join before it links.</summary>
    NotJoined = 10,

    /// <summary>Too few nodes can be reached at the moment; try again.</summary>
    Unavailable = 11,

    /// <summary>There is no such thing.</summary>
    NotFound = 12,

    /// <summary>The sender may not do this.</summary>
    NotAllowed = 13,

    /// <summary>The name is bound to another account key.</summary>
    NameTaken = 14,

    /// <summary>A newer version is stored.</summary>
    StaleVersion = 15,

    /// <summary>The mailbox is full; the recipient must fetch first.</summary>
    MailboxFull = 16,

    /// <summary>The node could not write to its disk; try again later.</summary>
    StorageFailed = 17,

    /// <summary>The content is over its limit.</summary>
    TooLarge = 18,

    /// <summary>The message breaks its format.</summary>
    Malformed = 19,

    /// <summary>The message's number is not known, or not expected here.</summary>
    UnknownMessage = 20,

    /// <summary>Too many requests in flight or too many clients; try again.</summary>
    Overloaded = 21,

    /// <summary>Another connection of the same device took over.</summary>
    Replaced = 22,

    /// <summary>The node is stopping.</summary>
    ShuttingDown = 23,

    /// <summary>The device has as many one-time prekeys as are kept.</summary>
    PrekeysFull = 24,

    /// <summary>The peer did not answer in time.</summary>
    TimedOut = 25,

    /// <summary>No node of the cluster knows the device: there is nobody to keep something for.</summary>
    UnknownDevice = 26,

    /// <summary>The sender asks for more than it may; <see cref="Refused.RetryAfter"/> says how long to wait.</summary>
    TooFast = 27,

    /// <summary>
    /// By a view at least as new as the asker's the mailbox belongs on other nodes; <see cref="Refused.ViewNumber"/>
    /// names it. The asker learns that view and asks those.
    /// </summary>
    StaleView = 28,

    /// <summary>
    /// The nodes' directory has the record, the control log has not yet: it has no quorum at the moment. To be
    /// published again.
    /// </summary>
    NotInLog = 29,

    /// <summary>The fragment is there but not what it was; its bytes are not given out.</summary>
    FragmentCorrupt = 30,

    /// <summary>There is no room for the fragment, or nothing may be written now; another node may take it.</summary>
    StorageFull = 31,

    /// <summary>
    /// The bytes do not fit their label, another fragment has that id, or the range is outside the fragment.
    /// </summary>
    FragmentRefused = 32,
}
