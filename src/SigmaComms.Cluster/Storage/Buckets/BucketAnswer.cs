using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Buckets;

/// <summary>What came of one request to a bucket.</summary>
/// <param name="Status">What it means for the fragment.</param>
/// <param name="Code">What the service called it, cut down to letters and digits; empty if it was done.</param>
internal readonly record struct BucketAnswer(StoreStatus Status, string Code)
{
    /// <summary>It was done.</summary>
    public static readonly BucketAnswer Done = new(StoreStatus.Done, string.Empty);

    /// <summary>An object that was to be new is there already.</summary>
    public static readonly BucketAnswer Taken = new(StoreStatus.Refused, "PreconditionFailed");

    /// <summary>The service does not know conditional writes.</summary>
    public static readonly BucketAnswer Unconditional = new(StoreStatus.Refused, "NotImplemented");

    /// <summary>Whether the service has answered as it should, be it that there is no such object.</summary>
    public bool IsHealthy =>
        Status is StoreStatus.Done or StoreStatus.NotFound || this == Taken || this == Unconditional;
}
