namespace SigmaComms.Cluster.Peers;

/// <summary>Where connections come in: sockets, or a network in memory.</summary>
internal interface ILinkListener : IAsyncDisposable
{
    /// <summary>Begins to listen.</summary>
    /// <param name="serve">Serves one connection until it ends; called side by side.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="ClusterException">The endpoint cannot be listened on.</exception>
    Task StartAsync(Func<SecuredChannel, Task> serve, CancellationToken ct);
}
