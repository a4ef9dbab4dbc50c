using System.Net;
using Amazon.Runtime;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Buckets;

/// <summary>What a failure of the S3 client means for a fragment.</summary>
internal static class BucketFailures
{
    private const int CodeMax = 48;

    /// <summary>Whether the world failed and not the program.</summary>
    /// <param name="error">What was thrown.</param>
    public static bool IsExpected(Exception error) => error
        is AmazonServiceException
        or AmazonClientException
        or HttpRequestException
        or IOException
        or TimeoutException
        or OperationCanceledException;

    /// <summary>Judges an expected failure.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="hasCredentials">Whether the client need not look for credentials.</param>
    public static BucketAnswer Judge(Exception error, bool hasCredentials) => error switch
    {
        AmazonUnmarshallingException => new(StoreStatus.Unreachable, "BadAnswer"),
        AmazonServiceException { StatusCode: >= HttpStatusCode.MultipleChoices } answer =>
            Judge(answer.StatusCode, Clean(answer.ErrorCode)),
        OperationCanceledException or TimeoutException => new(StoreStatus.Unreachable, "TimedOut"),
        AmazonServiceException { StatusCode: >= HttpStatusCode.OK } => new(StoreStatus.Unreachable, "BadAnswer"),
        AmazonClientException when !hasCredentials => new(StoreStatus.Refused, "NoCredentials"),
        _ => new(StoreStatus.Unreachable, "NoAnswer"),
    };

    private static BucketAnswer Judge(HttpStatusCode http, string code) => (http, code) switch
    {
        // Services differ in the status of a used-up quota, so its names come first.
        (_, "QuotaExceeded" or "XMinioAdminBucketQuotaExceeded" or "XMinioStorageFull" or "InsufficientStorage")
            or (HttpStatusCode.InsufficientStorage, _) => new(StoreStatus.Full, Named(code, http)),
        (_, "SlowDown" or "RequestTimeout" or "BadDigest" or "XAmzContentSHA256Mismatch")
            or (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout, _) =>
                new(StoreStatus.Unreachable, Named(code, http)),
        (HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict, _) => BucketAnswer.Taken,
        (HttpStatusCode.NotImplemented, _) => BucketAnswer.Unconditional,
        (HttpStatusCode.NotFound, "NoSuchBucket") => new(StoreStatus.Refused, code),
        (HttpStatusCode.NotFound, _) => new(StoreStatus.NotFound, Named(code, http)),
        (HttpStatusCode.RequestedRangeNotSatisfiable, _) => new(StoreStatus.Corrupt, Named(code, http)),
        (>= HttpStatusCode.InternalServerError, _) => new(StoreStatus.Unreachable, Named(code, http)),
        _ => new(StoreStatus.Refused, Named(code, http)),
    };

    private static string Named(string code, HttpStatusCode http) =>
        code.Length > 0 ? code : FormattableString.Invariant($"HTTP{(int)http}");

    // The service chose the text; only what a name can hold goes into a log.
    private static string Clean(string? code) => code is { Length: <= CodeMax } && code.All(char.IsAsciiLetterOrDigit)
        ? code
        : string.Empty;
}
