namespace SigmaComms.Messaging.Links;

/// <summary>What came of verifying an admission.</summary>
public enum AdmissionVerdict
{
    /// <summary>The node may take part.</summary>
    Valid,

    /// <summary>It is for another cluster.</summary>
    WrongCluster,

    /// <summary>The operator did not sign it.</summary>
    BadSignature,

    /// <summary>It has ended.</summary>
    Expired,
}
