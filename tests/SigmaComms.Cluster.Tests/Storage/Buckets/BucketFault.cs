namespace SigmaComms.Cluster.Tests.Storage.Buckets;

/// <summary>How a bucket misbehaves.</summary>
internal enum BucketFault
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>500 InternalError.</summary>
    InternalError,

    /// <summary>503 SlowDown.</summary>
    SlowDown,

    /// <summary>The answer ends in the middle of its body.</summary>
    CutBody,

    /// <summary>The last byte of every body read is another.</summary>
    WrongBytes,

    /// <summary>No answer ever.</summary>
    Hang,

    /// <summary>403 AccessDenied.</summary>
    AccessDenied,

    /// <summary>400 XMinioAdminBucketQuotaExceeded to writes.</summary>
    Quota,

    /// <summary>507 to writes, without a body.</summary>
    NoRoom,

    /// <summary>404 NoSuchBucket.</summary>
    NoBucket,

    /// <summary>501 to conditional writes.</summary>
    NoConditions,

    /// <summary>The whole object with 200 to whoever asks for a part.</summary>
    NoRanges,

    /// <summary>200 with what is no XML.</summary>
    Garbage,

    /// <summary>Listings go on for ever, with keys that are no fragments.</summary>
    EndlessList,
}
