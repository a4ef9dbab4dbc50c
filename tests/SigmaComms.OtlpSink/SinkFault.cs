namespace SigmaComms.OtlpSink;

/// <summary>How the sink misbehaves.</summary>
public enum SinkFault
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>It answers 503.</summary>
    Unavailable,

    /// <summary>It answers 500.</summary>
    Broken,

    /// <summary>It takes the request and never answers.</summary>
    Hangs,

    /// <summary>It answers 400.</summary>
    Refuses,

    /// <summary>It is of a time before figures: there is no such place.</summary>
    TakesNoFigures,
}
