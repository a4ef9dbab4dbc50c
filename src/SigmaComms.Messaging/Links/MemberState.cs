namespace SigmaComms.Messaging.Links;

/// <summary>What one node thinks of another.</summary>
public enum MemberState : byte
{
    /// <summary>Admitted, not yet reached.</summary>
    Joining = 1,

    /// <summary>Linked and heard in time.</summary>
    Up = 2,

    /// <summary>Lost a moment ago.</summary>
    Suspect = 3,

    /// <summary>Lost for long.</summary>
    Down = 4,
}
