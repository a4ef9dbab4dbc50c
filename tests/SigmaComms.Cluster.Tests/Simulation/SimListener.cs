using SigmaComms.Cluster.Peers;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests.Simulation;

/// <summary>Where a simulated node listens.</summary>
internal sealed class SimListener(SimNetwork network, SimHost host, SimIdentity identity, NodeEndpoint endpoint)
    : ILinkListener
{
    private Func<SecuredChannel, Task>? _serve;

    public SimHost Host => host;

    public SimIdentity Identity => identity;

    public Task StartAsync(Func<SecuredChannel, Task> serve, CancellationToken ct)
    {
        _serve = serve;
        network.Listen(endpoint, this);
        return Task.CompletedTask;
    }

    public void Accept(SecuredChannel channel) => host.Post(() => _ = _serve!(channel));

    public ValueTask DisposeAsync()
    {
        network.Close(this);
        return ValueTask.CompletedTask;
    }
}
