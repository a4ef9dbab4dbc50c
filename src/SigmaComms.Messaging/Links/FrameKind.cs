namespace SigmaComms.Messaging.Links;

/// <summary>How a frame relates to others.</summary>
public enum FrameKind : byte
{
    /// <summary>Expects a reply with the same correlation number.</summary>
    Request = 1,

    /// <summary>Answers the request with the same correlation number.</summary>
    Reply = 2,

    /// <summary>Stands alone; the correlation number is 0.</summary>
    Push = 3,
}
