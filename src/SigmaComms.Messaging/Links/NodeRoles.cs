namespace SigmaComms.Messaging.Links;

/// <summary>What an admitted node may do.</summary>
[Flags]
public enum NodeRoles
{
    /// <summary>Nothing but forward.</summary>
    None = 0,

    /// <summary>Keeps mailboxes, the key directory and fragments.</summary>
    Storage = 1,

    /// <summary>Takes part in the control log, once there is one.</summary>
    Validator = 2,
}
