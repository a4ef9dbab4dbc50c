using System.Net;
using System.Net.Http.Headers;

namespace SigmaComms.Node.Telemetry;

/// <summary>
/// Stands where the exporter thinks the server is: it puts each request into the spool and says it was taken. So the
/// exporter never waits for the network, and nothing is lost that once was handed to it.
/// </summary>
internal sealed class SpoolingHandler(OtlpSpool spool, OtlpSignal signal) : HttpMessageHandler
{
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using MemoryStream body = new();
        request.Content?.CopyTo(body, null, cancellationToken);
        return Keep(body);
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using MemoryStream body = new();
        if (request.Content is { } content)
        {
            await content.CopyToAsync(body, cancellationToken);
        }

        return Keep(body);
    }

    private HttpResponseMessage Keep(MemoryStream body)
    {
        spool.Add(signal, body.GetBuffer().AsSpan(0, (int)body.Length));
        ByteArrayContent empty = new([]);
        empty.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = empty };
    }
}
