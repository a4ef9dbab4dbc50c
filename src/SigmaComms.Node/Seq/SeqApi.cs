using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Seq;

/// <summary>
/// The part of Seq's HTTP API that keeps entities: api/signals and its like, each with GET for all, POST for a new one
/// and PUT of a known one, the key in X-Seq-ApiKey.
/// </summary>
internal sealed class SeqApi : IDisposable
{
    private const int AnswerBytesMax = 16 << 20;
    private const int WhyMax = 300;

    private readonly HttpClient _client;
    private readonly Uri _server;
    private readonly TimeSpan _patience;

    /// <summary>Names the server; nothing is asked.</summary>
    /// <param name="server">Its address, without the path of the API.</param>
    /// <param name="apiKey">Null for none.</param>
    /// <param name="patience">How long one answer may take.</param>
    public SeqApi(Uri server, string? apiKey, TimeSpan patience)
    {
        _server = server;
        _patience = patience;

        // No redirect: the key goes nowhere else.
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !server.IsLoopback,
        })
        {
            BaseAddress = new Uri(server.AbsoluteUri.EndsWith('/') ? server.AbsoluteUri : server.AbsoluteUri + "/"),
            Timeout = patience,
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
        _client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (apiKey is not null)
        {
            _client.DefaultRequestHeaders.TryAddWithoutValidation("X-Seq-ApiKey", apiKey);
        }
    }

    /// <summary>What kinds the server knows; asks it for the first time.</summary>
    /// <exception cref="CommandException">It does not answer, or is not Seq.</exception>
    public async Task<IReadOnlySet<SeqKind>> KindsAsync(CancellationToken stop)
    {
        JsonNode? root;
        try
        {
            root = await AskAsync(HttpMethod.Get, "api", null, stop);
        }
        catch (SeqRefusedException refused) when (!refused.IsNotAuthorised)
        {
            throw Unavailable(refused.Message, refused);
        }

        JsonObject links = (root as JsonObject)?["Links"] as JsonObject
            ?? throw Unavailable("what it answers at api is not Seq's", null);
        HashSet<string> groups = new(links.Select(static link => link.Key), StringComparer.OrdinalIgnoreCase);
        return Enum.GetValues<SeqKind>().Where(kind => groups.Contains(GroupOf(kind) + "Resources")).ToHashSet();
    }

    /// <summary>All of a kind that everybody sees.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(SeqKind kind, CancellationToken stop) =>
        await AskAsync(HttpMethod.Get, $"api/{GroupOf(kind)}?shared=true", null, stop) is JsonArray found
            ? [.. found.OfType<JsonObject>()]
            : throw Unavailable($"what it answers at api/{GroupOf(kind)} is no list", null);

    /// <summary>Makes one.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> CreateAsync(SeqKind kind, JsonObject entity, CancellationToken stop) =>
        await AskAsync(HttpMethod.Post, $"api/{GroupOf(kind)}", entity, stop) is JsonObject made
        && SeqEntity.IdOf(made) is { } id
            ? id
            : throw Unavailable("it made something, but did not say under which id", null);

    /// <summary>Puts a new content into one that is there.</summary>
    public Task UpdateAsync(SeqKind kind, string id, JsonObject entity, CancellationToken stop) =>
        AskAsync(HttpMethod.Put, $"api/{GroupOf(kind)}/{Uri.EscapeDataString(id)}", entity, stop);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static string GroupOf(SeqKind kind) => kind == SeqKind.RetentionPolicy
        ? "retentionpolicies"
        : kind.ToString().ToLowerInvariant() + "s";

    private async Task<JsonNode?> AskAsync(HttpMethod method, string path, JsonObject? body, CancellationToken stop)
    {
        using HttpRequestMessage request = new(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        try
        {
            using HttpResponseMessage response = await _client.SendAsync(request, stop);
            byte[] answer = await response.Content.ReadAsByteArrayAsync(stop);
            if (!response.IsSuccessStatusCode)
            {
                throw new SeqRefusedException(response.StatusCode, Explain(response.StatusCode, answer));
            }

            return answer.Length == 0 ? null : JsonNode.Parse(answer);
        }
        catch (HttpRequestException error)
        {
            throw Unavailable(error.InnerException?.Message ?? error.Message, error);
        }
        catch (TaskCanceledException error) when (!stop.IsCancellationRequested)
        {
            throw Unavailable($"no answer within {_patience.TotalSeconds} s", error);
        }
        catch (JsonException error)
        {
            throw Unavailable("its answer is no JSON", error);
        }
    }

    private static string Explain(HttpStatusCode status, byte[] answer)
    {
        string told = status switch
        {
            HttpStatusCode.Unauthorized => "the server answered 401: it wants an API key, or another one",
            HttpStatusCode.Forbidden => "the server answered 403: the API key may not do this",
            _ => $"the server answered {(int)status}",
        };
        try
        {
            return JsonNode.Parse(answer) is JsonObject fault && fault["Error"]?.ToString() is { Length: > 0 } error
                ? $"{told} ({(error.Length <= WhyMax ? error : error[..WhyMax])})"
                : told;
        }
        catch (JsonException)
        {
            return told;
        }
    }

    private CommandException Unavailable(string why, Exception? cause) => new(
        ExitCode.Unavailable, $"Seq at {_server} cannot be used", why, "check the address and that the server runs",
        cause);
}
