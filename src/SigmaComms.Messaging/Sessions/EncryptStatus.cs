namespace SigmaComms.Messaging.Sessions;

/// <summary>How sealing a message ended. Anything but <see cref="Ok"/> changed no state.</summary>
public enum EncryptStatus
{
    /// <summary>The message is sealed.</summary>
    Ok = 0,

    /// <summary>There is no usable session: fetch the peer device's bundle and call again with it.</summary>
    NeedsBundle = 1,

    /// <summary>The bundle is expired, of another device, wrongly signed, or holds an invalid key.</summary>
    BundleRejected = 2,

    /// <summary>The peer's identity has changed and nobody has accepted the new one.</summary>
    IdentityChanged = 3,

    /// <summary>The plaintext is longer than <see cref="SessionLimits.PlaintextMaxBytes"/>.</summary>
    TooLarge = 4,
}
