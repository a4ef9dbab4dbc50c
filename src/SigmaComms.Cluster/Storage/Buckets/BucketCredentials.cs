namespace SigmaComms.Cluster.Storage.Buckets;

/// <summary>What a node shows a bucket to be let in. The secret leaves only into the S3 client.</summary>
/// <remarks>The secret is a string because the client takes nothing else; it is never printed.</remarks>
public sealed class BucketCredentials
{
    /// <summary>Takes an access key.</summary>
    /// <param name="accessKeyId">Its public half.</param>
    /// <param name="secretAccessKey">Its secret half.</param>
    /// <exception cref="ArgumentException">One of them is empty.</exception>
    public BucketCredentials(string accessKeyId, string secretAccessKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(accessKeyId);
        ArgumentException.ThrowIfNullOrEmpty(secretAccessKey);
        AccessKeyId = accessKeyId;
        Secret = secretAccessKey;
    }

    internal string AccessKeyId { get; }

    internal string Secret { get; }

    /// <summary>Says only that there are some.</summary>
    public override string ToString() => "BucketCredentials";
}
