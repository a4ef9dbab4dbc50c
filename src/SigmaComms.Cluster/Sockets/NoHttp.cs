using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace SigmaComms.Cluster.Sockets;

/// <summary>What the server asks for to answer HTTP. No connection gets that far.</summary>
internal sealed class NoHttp : IHttpApplication<IFeatureCollection>
{
    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) =>
        throw new NotSupportedException("Links speak no HTTP.");

    public Task ProcessRequestAsync(IFeatureCollection context) =>
        Task.FromException(new NotSupportedException("Links speak no HTTP."));

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
        // There never is one.
    }
}
