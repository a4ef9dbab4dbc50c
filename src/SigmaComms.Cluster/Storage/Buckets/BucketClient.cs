using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging;
using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Buckets;

/// <summary>The requests that a fragment store sends to a bucket. Nothing else touches the S3 client.</summary>
/// <remarks>Each ends within its limit. Safe to call from any thread.</remarks>
internal sealed class BucketClient : IDisposable
{
    private const int PageMax = 1_000;

    /// <summary>Pages without a single fragment that are passed over in one call.</summary>
    private const int ForeignPagesMax = 256;

    private readonly AmazonS3Client _client;
    private readonly BucketOptions _options;
    private readonly BucketHealth _health;
    private readonly TimeProvider _time;

    /// <summary>Makes a client; nothing is sent.</summary>
    /// <param name="options">The bucket; valid.</param>
    /// <param name="time">Limits requests.</param>
    /// <param name="logger">Where trouble is told.</param>
    public BucketClient(BucketOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _health = new BucketHealth(options.Name, logger);
        AmazonS3Config config = Configure(options);
        _client = options.Credentials is { } credentials
            ? new AmazonS3Client(new BasicAWSCredentials(credentials.AccessKeyId, credentials.Secret), config)
            : new AmazonS3Client(config);
    }

    /// <summary>Reads bytes of an object; fewer if it ends before.</summary>
    /// <param name="id">Whose object.</param>
    /// <param name="from">The first byte.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<ObjectPart> ReadAsync(
        FragmentId id, long from, int count, CancellationToken cancellationToken)
    {
        ObjectPart? part = null;
        BucketAnswer answer = await RunAsync(
            async limit =>
            {
                part = await FetchAsync(id, from, count, limit);
                return part is null ? new BucketAnswer(StoreStatus.Refused, "WrongRange") : BucketAnswer.Done;
            },
            cancellationToken);
        return part ?? new ObjectPart(answer.Status);
    }

    /// <summary>Writes an object; it is durable if this is done.</summary>
    /// <param name="id">Whose object.</param>
    /// <param name="head">Its first bytes.</param>
    /// <param name="fragment">Those that follow; not used after the answer.</param>
    /// <param name="isNew">Whether it must not be there yet.</param>
    /// <param name="cancellationToken">Gives up; it may be written nevertheless.</param>
    public ValueTask<BucketAnswer> WriteAsync(
        FragmentId id,
        ReadOnlyMemory<byte> head,
        ReadOnlyMemory<byte> fragment,
        bool isNew,
        CancellationToken cancellationToken) => RunAsync(
            async limit =>
            {
                using ObjectContent content = new(head, fragment);
                await StoreAsync(id, content, isNew, limit);
                return BucketAnswer.Done;
            },
            cancellationToken);

    /// <summary>Drops an object. That it is not there is done too.</summary>
    /// <param name="id">Whose object.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<BucketAnswer> DeleteAsync(FragmentId id, CancellationToken cancellationToken) => RunAsync(
        async limit =>
        {
            await _client.DeleteObjectAsync(
                new DeleteObjectRequest { BucketName = _options.Name, Key = KeyOf(id) }, limit);
            return BucketAnswer.Done;
        },
        cancellationToken);

    /// <summary>Lists fragments in ascending order. Keys that are none of them are passed over.</summary>
    /// <param name="after">The one to go on after; null for the first.</param>
    /// <param name="countMax">How many at most, 1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<BucketPage> ListAsync(
        FragmentId? after, int countMax, CancellationToken cancellationToken)
    {
        string? last = after is { } id ? KeyOf(id) : null;
        for (int page = 0; page < ForeignPagesMax; page++)
        {
            ListObjectsV2Response? response = null;
            BucketAnswer answer = await RunAsync(
                async limit =>
                {
                    response = await _client.ListObjectsV2Async(ListingAfter(last, countMax), limit);
                    return BucketAnswer.Done;
                },
                cancellationToken);
            if (response is null)
            {
                return new BucketPage(answer.Status, [], false);
            }

            List<S3Object> objects = response.S3Objects ?? [];
            bool hasMore = response.IsTruncated == true && objects.Count > 0;
            if (!IsAscending(last, objects))
            {
                // Whoever went on after such a page might never come to an end.
                _health.Note(new BucketAnswer(StoreStatus.Unreachable, "BadListing"));
                return new BucketPage(StoreStatus.Unreachable, [], false);
            }

            ListedObject[] listed = [.. objects.Select(Listed).OfType<ListedObject>()];
            if (listed.Length > 0 || !hasMore)
            {
                return new BucketPage(StoreStatus.Done, listed, hasMore);
            }

            last = objects[^1].Key;
        }

        // Nothing but others' objects: who makes up keys for ever must not keep anybody here.
        _health.Note(new BucketAnswer(StoreStatus.Unreachable, "BadListing"));
        return new BucketPage(StoreStatus.Unreachable, [], false);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static AmazonS3Config Configure(BucketOptions options) => new()
    {
        ServiceURL = options.Endpoint!.AbsoluteUri,
        AuthenticationRegion = options.Region,
        ForcePathStyle = options.IsPathStyle,
        Timeout = options.RequestTimeout,
        MaxErrorRetry = options.RetriesMax,
        RetryMode = RequestRetryMode.Standard,
        MaxConnectionsPerServer = options.ConnectionsMax,
        AllowAutoRedirect = false,
        DisableLogging = true,
        LogResponse = false,

        // Requests are signed with the hash of their body, and what comes back is verified against the root. Checksums
        // on top of that are what services other than Amazon's understand least.
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
    };

    private async ValueTask<BucketAnswer> RunAsync(
        Func<CancellationToken, Task<BucketAnswer>> request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using CancellationTokenSource limit = new(_options.RequestTimeout, _time);
        using CancellationTokenSource both =
            CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        BucketAnswer answer;
        try
        {
            answer = await request(both.Token);
        }
        catch (Exception error) when (BucketFailures.IsExpected(error))
        {
            cancellationToken.ThrowIfCancellationRequested();
            answer = limit.IsCancellationRequested
                ? new BucketAnswer(StoreStatus.Unreachable, "TimedOut")
                : BucketFailures.Judge(error, _options.Credentials is not null);
        }

        _health.Note(answer);
        return answer;
    }

    private async Task<ObjectPart?> FetchAsync(
        FragmentId id, long from, int count, CancellationToken cancellationToken)
    {
        GetObjectRequest request = new()
        {
            BucketName = _options.Name,
            Key = KeyOf(id),
            ByteRange = new ByteRange(from, from + count - 1),
        };
        using GetObjectResponse response = await _client.GetObjectAsync(request, cancellationToken);
        if (response.HttpStatusCode != HttpStatusCode.PartialContent
            || !ContentRangeHeaderValue.TryParse(response.ContentRange, out ContentRangeHeaderValue? range)
            || range is not { From: long first, To: long last, Length: long total }
            || first != from
            || last - first >= count)
        {
            return null;
        }

        int length = (int)(last - first + 1);

        // On failure the room is left to the collector: a read that was given up may still be writing to it.
        byte[] room = ArrayPool<byte>.Shared.Rent(length);
        await response.ResponseStream.ReadExactlyAsync(room.AsMemory(0, length), cancellationToken);
        return new ObjectPart(room, length, total);
    }

    private async Task StoreAsync(
        FragmentId id, ObjectContent content, bool isNew, CancellationToken cancellationToken)
    {
        PutObjectRequest request = new()
        {
            BucketName = _options.Name,
            Key = KeyOf(id),
            InputStream = content,
            AutoCloseStream = false,
            ContentType = "application/octet-stream",
            IfNoneMatch = isNew ? "*" : null,
            UseChunkEncoding = false,
        };
        await _client.PutObjectAsync(request, cancellationToken);
    }

    private ListObjectsV2Request ListingAfter(string? last, int countMax) => new()
    {
        BucketName = _options.Name,
        Prefix = _options.Prefix,
        StartAfter = last,
        MaxKeys = Math.Clamp(countMax, 1, PageMax),
    };

    private string KeyOf(FragmentId id) => _options.Prefix + id;

    private static bool IsAscending(string? last, List<S3Object> objects)
    {
        foreach (S3Object each in objects)
        {
            if (each.Key is null || (last is not null && string.CompareOrdinal(each.Key, last) <= 0))
            {
                return false;
            }

            last = each.Key;
        }

        return true;
    }

    private ListedObject? Listed(S3Object each) =>
        each.Key is { } key
        && key.StartsWith(_options.Prefix, StringComparison.Ordinal)
        && Digest.TryParse(key[_options.Prefix.Length..], out Digest digest)
        && KeyOf(new FragmentId(digest)) == key
            ? new ListedObject(new FragmentId(digest), WrittenAt(each.LastModified))
            : null;

    private static DateTimeOffset? WrittenAt(DateTime? said) =>
        said is { } at && at > DateTime.UnixEpoch
            ? new DateTimeOffset(DateTime.SpecifyKind(at.ToUniversalTime(), DateTimeKind.Utc))
            : null;
}
