namespace SigmaComms.Messaging.Links;

/// <summary>
/// What a link carries. Two nodes keep one control and one bulk link, so that neither delays the other.
/// </summary>
public enum Lane : byte
{
    /// <summary>Heartbeats and membership.</summary>
    Control = 1,

    /// <summary>Messages, records, fragments; everything of a client.</summary>
    Bulk = 2,

    /// <summary>One request to join; the link ends after the answer.</summary>
    Join = 3,
}
