namespace SigmaComms.Messaging.Sessions;

/// <summary>
/// How opening a message ended. Anything but <see cref="Ok"/> changed no stored state, except that
/// <see cref="IdentityChanged"/> keeps the new identity for the user to accept.
/// </summary>
public enum DecryptStatus
{
    /// <summary>The plaintext is authentic and was not seen before.</summary>
    Ok = 0,

    /// <summary>The bytes are no session message of this version.</summary>
    Malformed = 1,

    /// <summary>A message with this counter was opened before; its key is gone.</summary>
    Duplicate = 2,

    /// <summary>No session with this id, and the message starts none.</summary>
    UnknownSession = 3,

    /// <summary>A tag, a signature or a key in the message is not the peer's.</summary>
    NotAuthentic = 4,

    /// <summary>
    /// More than <see cref="SessionLimits.JumpMax"/> messages would have to be skipped, or more than
    /// <see cref="SessionLimits.NearJumpMax"/> shortly after such a jump has failed.
    /// </summary>
    TooFarAhead = 5,

    /// <summary>
    /// A first message for a prekey that this device does not hold, or has used; or for two that no bundle has
    /// together.
    /// </summary>
    PrekeyUnknown = 6,

    /// <summary>A first message under a last-resort prekey that was accepted before.</summary>
    LastResortReplayed = 7,

    /// <summary>The sender's identity has changed and nobody has accepted the new one.</summary>
    IdentityChanged = 8,

    /// <summary>
    /// So many later messages came that this counter's key was discarded; whether it was opened before is not known.
    /// </summary>
    KeyDiscarded = 9,
}
