namespace SigmaComms.Client.Contacts;

/// <summary>What of a peer's identity has changed and waits for the user.</summary>
public enum IdentityChange
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The name belongs to another account key now. Nothing is sent before the user decides.</summary>
    Account,

    /// <summary>
    /// The same account key lists other keys for a device that is known. Nothing goes in or out before the user
    /// accepts.
    /// </summary>
    Device,
}
