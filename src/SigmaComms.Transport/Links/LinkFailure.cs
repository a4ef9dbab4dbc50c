namespace SigmaComms.Transport.Links;

/// <summary>Why a request over a link got no answer that can be used.</summary>
public enum LinkFailure
{
    /// <summary>The link ended before the answer came; whether the request was carried out is not known.</summary>
    Dropped,

    /// <summary>No answer in time; whether the request was carried out is not known.</summary>
    TimedOut,

    /// <summary>The peer answered with a refusal.</summary>
    Refused,

    /// <summary>The peer answered with a message that does not fit.</summary>
    Unexpected,

    /// <summary>The peer could not be reached.</summary>
    Unreachable,
}
