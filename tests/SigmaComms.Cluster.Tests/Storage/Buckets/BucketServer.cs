using System.Collections.Concurrent;
using System.Net;
using System.Security;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using SigmaComms.Cluster.Storage.Buckets;

namespace SigmaComms.Cluster.Tests.Storage.Buckets;

/// <summary>
/// Speaks the part of S3 that a node uses, over real HTTP: one bucket, path style, signatures verified. Misbehaves when
/// told to. Shared by the tests of a class.
/// </summary>
public sealed class BucketServer : IAsyncLifetime
{
    internal const string Bucket = "fragments";
    internal const string Region = "eu-test-1";
    internal const string KeyId = "AKIATESTKEYID0001";
    internal const string Secret = "wJalrXUtnFEMI+K7MDENG/bPxRfiCYTESTSECRET1";

    private readonly ConcurrentDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Dictionary<string, string> _keys = new() { [KeyId] = Secret };
    private TaskCompletionSource _hung = NewSignal();
    private WebApplication? _app;
    private volatile BucketFault _fault;
    private int _faultyRequests;

    /// <summary>The objects by their keys.</summary>
    internal ConcurrentDictionary<string, byte[]> Objects => _objects;

    /// <summary>Method and path with query of every request so far, refused ones too.</summary>
    internal IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>Completes when a request hangs.</summary>
    internal Task Hung => _hung.Task;

    /// <summary>Called before a write is done; null: nothing.</summary>
    internal Action? BeforeWrite { get; set; }

    /// <summary>When objects were written, as listings tell it; nothing of the others.</summary>
    internal ConcurrentDictionary<string, DateTimeOffset> WrittenAt { get; } = new(StringComparer.Ordinal);

    /// <summary>Gives the same page of a listing again and again.</summary>
    internal bool RepeatsPages { get; set; }

    internal Uri Url { get; private set; } = new("http://127.0.0.1:1");

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 32 << 20;
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http1);
        });
        _app = builder.Build();
        _app.Run(ServeAsync);
        await _app.StartAsync();
        Url = new Uri(_app.Urls.First());
    }

    public async Task DisposeAsync() => await _app!.DisposeAsync();

    /// <summary>Empty and well again.</summary>
    internal void Reset()
    {
        _objects.Clear();
        WrittenAt.Clear();
        RepeatsPages = false;
        _requests.Clear();
        _hung = NewSignal();
        BeforeWrite = null;
        Misbehave(BucketFault.None);
    }

    /// <summary>Misbehaves for some requests.</summary>
    internal void Misbehave(BucketFault fault, int requests = int.MaxValue)
    {
        Volatile.Write(ref _faultyRequests, requests);
        _fault = fault;
    }

    /// <summary>The options of a node that may use the bucket.</summary>
    internal BucketOptions Options(string prefix = "node-1/") => new()
    {
        Endpoint = Url,
        Name = Bucket,
        Prefix = prefix,
        Region = Region,
        IsPathStyle = true,
        RetriesMax = 0,
        Credentials = new BucketCredentials(KeyId, Secret),
    };

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task ServeAsync(HttpContext http)
    {
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        _requests.Enqueue($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}");
        BucketFault fault = TakeFault();
        if (RequestSignature.FaultOf(http.Request, body.ToArray(), _keys, Region) is { } refusal)
        {
            await FailAsync(http, refusal == "AuthorizationHeaderMalformed" ? 400 : 403, refusal);
        }
        else if (!await TryFaultAsync(http, fault))
        {
            await AnswerAsync(http, body.ToArray(), fault);
        }
    }

    private BucketFault TakeFault() =>
        _fault != BucketFault.None && Interlocked.Decrement(ref _faultyRequests) >= 0 ? _fault : BucketFault.None;

    private async Task<bool> TryFaultAsync(HttpContext http, BucketFault fault)
    {
        bool writes = HttpMethods.IsPut(http.Request.Method);
        (int Status, string Code)? failure = fault switch
        {
            BucketFault.InternalError => (500, "InternalError"),
            BucketFault.SlowDown => (503, "SlowDown"),
            BucketFault.AccessDenied => (403, "AccessDenied"),
            BucketFault.NoBucket => (404, "NoSuchBucket"),
            BucketFault.Quota when writes => (400, "XMinioAdminBucketQuotaExceeded"),
            BucketFault.NoRoom when writes => (507, ""),
            BucketFault.NoConditions when http.Request.Headers.ContainsKey(HeaderNames.IfNoneMatch) =>
                (501, "NotImplemented"),
            BucketFault.Garbage => (200, "\0garbage"),
            _ => null,
        };
        if (failure is { } told)
        {
            await FailAsync(http, told.Status, told.Code);
            return true;
        }

        if (fault != BucketFault.Hang)
        {
            return false;
        }

        TaskCompletionSource aborted = NewSignal();
        await using (http.RequestAborted.Register(aborted.SetResult))
        {
            _hung.TrySetResult();
            await aborted.Task;
        }

        return true;
    }

    private async Task AnswerAsync(HttpContext http, byte[] body, BucketFault fault)
    {
        string[] path = http.Request.Path.ToString().TrimStart('/').Split('/', 2);
        string key = path.Length > 1 ? path[1] : string.Empty;
        if (path[0] != Bucket)
        {
            await FailAsync(http, 404, "NoSuchBucket");
        }
        else if (HttpMethods.IsPut(http.Request.Method))
        {
            BeforeWrite?.Invoke();
            bool isNew = http.Request.Headers.IfNoneMatch == "*";
            if (isNew ? _objects.TryAdd(key, body) : (_objects[key] = body) is not null)
            {
                http.Response.Headers.ETag = "\"0\"";
            }
            else
            {
                await FailAsync(http, 412, "PreconditionFailed");
            }
        }
        else if (HttpMethods.IsDelete(http.Request.Method))
        {
            _objects.TryRemove(key, out _);
            http.Response.StatusCode = 204;
        }
        else if (http.Request.Query["list-type"] == "2")
        {
            await ListAsync(http, fault);
        }
        else
        {
            await GiveAsync(http, key, fault);
        }
    }

    private async Task GiveAsync(HttpContext http, string key, BucketFault fault)
    {
        if (!_objects.TryGetValue(key, out byte[]? content))
        {
            await FailAsync(http, 404, "NoSuchKey");
            return;
        }

        RangeItemHeaderValue range = http.Request.GetTypedHeaders().Range!.Ranges.Single();
        int from = (int)range.From!;
        if (from >= content.Length)
        {
            await FailAsync(http, 416, "InvalidRange");
            return;
        }

        byte[] part = content[from..(int)Math.Min(range.To!.Value + 1, content.Length)];
        HttpResponse response = http.Response;
        if (fault == BucketFault.NoRanges)
        {
            part = content;
        }
        else
        {
            response.StatusCode = 206;
            response.Headers.ContentRange = $"bytes {from}-{from + part.Length - 1}/{content.Length}";
        }

        response.ContentLength = part.Length;
        if (fault == BucketFault.WrongBytes)
        {
            part[^1] ^= 1;
        }

        if (fault == BucketFault.CutBody)
        {
            await response.Body.WriteAsync(part.AsMemory(0, part.Length / 2));
            await response.Body.FlushAsync();
            http.Abort();
            return;
        }

        await response.Body.WriteAsync(part);
    }

    private async Task ListAsync(HttpContext http, BucketFault fault)
    {
        IQueryCollection query = http.Request.Query;
        int max = int.Parse(query["max-keys"].ToString());
        string after = RepeatsPages ? string.Empty : query["start-after"].ToString();
        string[] rest =
        [
            .. _objects.Keys
                .Where(key => key.StartsWith(query["prefix"].ToString(), StringComparison.Ordinal))
                .Where(key => string.CompareOrdinal(key, after) > 0)
                .Order(StringComparer.Ordinal)
                .Take(max + 1),
        ];
        if (fault == BucketFault.EndlessList)
        {
            max = 1;
            rest = [$"{(after.Length > 0 ? after : query["prefix"])}z", "more"];
        }

        StringBuilder xml = new("<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        xml.Append("<IsTruncated>").Append(rest.Length > max ? "true" : "false").Append("</IsTruncated>");
        foreach (string key in rest.Take(max))
        {
            xml.Append("<Contents><Key>").Append(SecurityElement.Escape(key)).Append("</Key><Size>")
                .Append(_objects.TryGetValue(key, out byte[]? content) ? content.Length : 0)
                .Append("</Size>")
                .Append(LastModified(key)).Append("</Contents>");
        }

        http.Response.ContentType = "application/xml";
        await http.Response.WriteAsync(xml.Append("</ListBucketResult>").ToString());
    }

    private string LastModified(string key) => WrittenAt.TryGetValue(key, out DateTimeOffset at)
        ? $"<LastModified>{at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}</LastModified>"
        : string.Empty;

    // As S3 does, a refusal repeats what was signed and with which key.
    private static async Task FailAsync(HttpContext http, int status, string code)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/xml";
        if (code.Length > 0)
        {
            string signed = SecurityElement.Escape(http.Request.Headers.Authorization.ToString());
            await http.Response.WriteAsync(
                $"<Error><Code>{code}</Code><Message>Refused {KeyId} {signed}</Message>"
                + $"<AWSAccessKeyId>{KeyId}</AWSAccessKeyId><StringToSign>{signed}</StringToSign></Error>");
        }
    }
}
