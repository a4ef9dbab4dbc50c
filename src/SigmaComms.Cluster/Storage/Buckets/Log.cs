using Microsoft.Extensions.Logging;

namespace SigmaComms.Cluster.Storage.Buckets;

internal static partial class Log
{
    [LoggerMessage(3200, LogLevel.Information, "Fragments are kept in bucket {Bucket} at {Endpoint}")]
    public static partial void BucketChosen(this ILogger logger, string bucket, string endpoint);

    [LoggerMessage(3201, LogLevel.Warning,
        "Bucket {Bucket} is reached without TLS: who listens sees fragment ids, sizes and the access key's id")]
    public static partial void BucketWithoutTls(this ILogger logger, string bucket);

    [LoggerMessage(3202, LogLevel.Warning,
        "Bucket {Bucket} refuses this node ({Code}): check storage.bucket in node.json, the credentials' file and the "
        + "bucket's policy; the node needs to get, put, delete and list")]
    public static partial void BucketRefuses(this ILogger logger, string bucket, string code);

    [LoggerMessage(3203, LogLevel.Warning, "Bucket {Bucket} takes no more ({Code}): raise its quota")]
    public static partial void BucketIsFull(this ILogger logger, string bucket, string code);

    [LoggerMessage(3204, LogLevel.Warning, "Bucket {Bucket} does not answer as it should ({Code})")]
    public static partial void BucketFails(this ILogger logger, string bucket, string code);

    [LoggerMessage(3205, LogLevel.Information, "Bucket {Bucket} answers again after {Failures} failures")]
    public static partial void BucketAnswers(this ILogger logger, string bucket, long failures);

    [LoggerMessage(3206, LogLevel.Warning,
        "Fragment {Fragment} in bucket {Bucket} is not what this node wrote: it is given out as damaged")]
    public static partial void ObjectDamaged(this ILogger logger, string fragment, string bucket);
}
