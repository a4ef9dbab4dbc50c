using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;

namespace SigmaComms.Node.Telemetry;

/// <summary>
/// Carries what the spool holds to the server, one request at a time, in order. What the server cannot take now it
/// gets again, with growing waits; given up is only what it refuses as malformed, and figures and spans for which it
/// has no place at all: they must not stand before the events for ever.
/// </summary>
internal sealed class SpoolSender : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort;
    private readonly OtlpSpool _spool;
    private readonly HttpClient _client;
    private readonly Uri _server;
    private readonly string? _apiKey;
    private readonly SpoolPatience _patience;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly HashSet<OtlpSignal> _unwanted = [];
    private readonly Task _running;
    private bool _isReachable = true;
    private DateTimeOffset _since;
    private string? _lastError;
    private long _sent;

    /// <summary>Begins to send.</summary>
    /// <param name="spool">What to send; disposed with the sender.</param>
    /// <param name="server">Where to, without the path.</param>
    /// <param name="apiKey">Goes into X-Seq-ApiKey; null for none.</param>
    /// <param name="patience">How long it waits for what.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told when the server is lost and found; must not lead back to the spool.</param>
    public SpoolSender(
        OtlpSpool spool, Uri server, string? apiKey, SpoolPatience patience, TimeProvider time, ILogger logger)
    {
        _spool = spool;
        _server = server;
        _apiKey = apiKey;
        _patience = patience;
        _time = time;
        _abort = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _logger = logger;
        _since = time.GetUtcNow();

        // No redirect: the key goes nowhere else. The connection is renewed, so that a moved name is found again.
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !server.IsLoopback,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = patience.Answer,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _running = RunAsync();
    }

    /// <summary>How it goes.</summary>
    public SpoolState State
    {
        get
        {
            lock (_gate)
            {
                return new SpoolState(
                    _isReachable, _since, _lastError, _spool.Bytes, _spool.Count, _sent, _spool.Dropped);
            }
        }
    }

    /// <summary>Sends what can be sent at once, and leaves the rest on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        // What is on its way may come to its end: broken off now, it would be sent again by the next process.
        _abort.CancelAfter(_patience.LastWord);
        await _stop.CancelAsync();
        await _running;
        _client.Dispose();
        _spool.Dispose();
        _abort.Dispose();
    }

    private async Task RunAsync()
    {
        // Off the caller's thread, which is starting a node.
        await Task.Yield();
        TimeSpan wait = _patience.WaitMin;
        bool stopping = false;
        while (true)
        {
            if (_spool.Peek() is not { } batch)
            {
                if (stopping)
                {
                    return;
                }

                stopping = await IsStoppedAsync(_spool.WaitAsync(_stop.Token));
            }
            else if (await TrySendAsync(batch, _abort.Token))
            {
                wait = _patience.WaitMin;
            }
            else if (stopping)
            {
                return;
            }
            else
            {
                stopping = await IsStoppedAsync(Task.Delay(wait, _time, _stop.Token));
                wait = wait * 2 < _patience.WaitMax ? wait * 2 : _patience.WaitMax;
            }
        }
    }

    private static async Task<bool> IsStoppedAsync(Task waiting)
    {
        try
        {
            await waiting;
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    // Returns whether the batch is settled: taken, or refused for good.
    private async Task<bool> TrySendAsync(SpooledBatch batch, CancellationToken ct)
    {
        using CancellationTokenSource patience = new(_patience.Answer, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            using HttpRequestMessage request = RequestOf(batch);
            using HttpResponseMessage response =
                await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.IsSuccessStatusCode)
            {
                _spool.Complete(batch, taken: true);
                _unwanted.Remove(batch.Signal);
                Note(null, wasTaken: true);
                return true;
            }

            string problem = $"the server answered {(int)response.StatusCode}";
            if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge
                or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity)
            {
                _spool.Complete(batch, taken: false);
                Note(null);
                _logger.BatchRefused(batch.Signal, problem);
                return true;
            }

            if (HasNoPlace(batch.Signal, response.StatusCode))
            {
                _spool.Complete(batch, taken: false);
                if (_unwanted.Add(batch.Signal))
                {
                    _logger.SignalUnwanted(batch.Signal, problem);
                }

                return true;
            }

            Note(problem);
        }
        catch (HttpRequestException error)
        {
            Note(error.InnerException is { } inner ? inner.Message : error.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            Note($"no answer within {_patience.Answer.TotalSeconds} s");
        }
        catch (OperationCanceledException)
        {
            // The node ends and has waited long enough.
        }

        return false;
    }

    // Older servers take events and no figures. An address that is wrong altogether keeps the events.
    private static bool HasNoPlace(OtlpSignal signal, HttpStatusCode answer) => signal != OtlpSignal.Logs
        && answer is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented;

    private HttpRequestMessage RequestOf(SpooledBatch batch)
    {
        ReadOnlyMemoryContent content = new(batch.Body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        string path = $"ingest/otlp/v1/{batch.Signal.ToString().ToLowerInvariant()}";
        string root = _server.AbsoluteUri.EndsWith('/') ? _server.AbsoluteUri : _server.AbsoluteUri + "/";
        HttpRequestMessage request = new(HttpMethod.Post, new Uri(new Uri(root), path)) { Content = content };
        if (_apiKey is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Seq-ApiKey", _apiKey);
        }

        return request;
    }

    // A server that refuses one batch is there all the same.
    private void Note(string? problem, bool wasTaken = false)
    {
        bool turned;
        lock (_gate)
        {
            bool isReachable = problem is null;
            turned = isReachable != _isReachable;
            _isReachable = isReachable;
            _lastError = problem ?? _lastError;
            _sent += wasTaken ? 1 : 0;
            _since = turned ? _time.GetUtcNow() : _since;
        }

        if (turned && problem is not null)
        {
            _logger.ServerLost(_server, problem);
        }
        else if (turned)
        {
            _logger.ServerFound(_server);
        }
    }
}
