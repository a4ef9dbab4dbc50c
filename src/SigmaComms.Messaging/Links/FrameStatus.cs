namespace SigmaComms.Messaging.Links;

/// <summary>What came of reading a frame.</summary>
public enum FrameStatus
{
    /// <summary>A frame was read; the input moved behind it.</summary>
    Read,

    /// <summary>The input ends inside a frame; it did not move.</summary>
    NeedMore,

    /// <summary>
    /// A well-formed frame whose message is not known; the input moved behind it. Answer with a refusal.
    /// </summary>
    UnknownMessage,

    /// <summary>The frame is over its limit. Close the link.</summary>
    TooLarge,

    /// <summary>The frame breaks its format. Close the link.</summary>
    Malformed,
}
