using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Web;

/// <summary>Asks one node what its operators may know.</summary>
internal sealed class OperatorClient : IDisposable
{
    private const int AnswerBytesMax = 64 << 20;
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient _client;
    private readonly NodeEndpoint _endpoint;

    /// <summary>Names the node; nothing is asked.</summary>
    /// <param name="endpoint">Where it answers operators; one for all addresses of its machine is asked here.</param>
    /// <param name="token">What must be shown; null for nothing.</param>
    public OperatorClient(NodeEndpoint endpoint, string? token)
    {
        _endpoint = IPAddress.TryParse(endpoint.Host, out IPAddress? address)
            && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            ? new NodeEndpoint("127.0.0.1", endpoint.Port)
            : endpoint;
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
        {
            BaseAddress = new Uri($"http://{_endpoint}"),
            Timeout = AnswerTimeout,
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
        if (token is not null)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    /// <summary>The health report.</summary>
    public Task<JsonElement> HealthAsync(CancellationToken stop) => AskAsync("/api/health", stop);

    /// <summary>The tree of actors.</summary>
    public Task<JsonElement> ActorsAsync(CancellationToken stop) => AskAsync("/api/actors", stop);

    /// <summary>How it stands in the control log.</summary>
    public Task<JsonElement> ControlAsync(CancellationToken stop) => AskAsync(OperationsServer.ControlPath, stop);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<JsonElement> AskAsync(string path, CancellationToken stop)
    {
        try
        {
            using HttpResponseMessage response = await _client.GetAsync(path, stop);
            if (response.StatusCode == HttpStatusCode.Unauthorized)
            {
                throw new CommandException(
                    ExitCode.NotAuthorised,
                    $"{_endpoint} does not answer without its token",
                    "no token was shown, or another",
                    "set operations.tokenFile in node.json, or SIGMA_OPERATIONS_TOKEN_FILE");
            }

            if (!response.IsSuccessStatusCode)
            {
                throw Unavailable($"it answered {(int)response.StatusCode}", null);
            }

            return JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(stop));
        }
        catch (HttpRequestException error)
        {
            throw Unavailable(error.InnerException?.Message ?? error.Message, error);
        }
        catch (TaskCanceledException error) when (!stop.IsCancellationRequested)
        {
            throw Unavailable($"no answer within {AnswerTimeout.TotalSeconds} s", error);
        }
        catch (JsonException error)
        {
            throw Unavailable("its answer is no JSON", error);
        }
    }

    private CommandException Unavailable(string why, Exception? cause) => new(
        ExitCode.Unavailable, $"no answer from {_endpoint}", why, "check that the node runs: sigma node status", cause);
}
