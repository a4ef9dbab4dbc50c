namespace SigmaComms.Messaging.Sessions;

/// <summary>Where the sessions with one peer device stand.</summary>
public enum SessionPhase
{
    /// <summary>No session to send in: the next message needs a bundle.</summary>
    None = 0,

    /// <summary>A session was begun here; the peer has not answered yet.</summary>
    InitSent = 1,

    /// <summary>Both sides have shown that they hold the keys.</summary>
    Established = 2,

    /// <summary>The peer's identity has changed; nothing goes in or out until the user accepts it.</summary>
    IdentityChanged = 3,
}
