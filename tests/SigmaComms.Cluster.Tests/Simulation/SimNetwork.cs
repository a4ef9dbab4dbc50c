using System.IO.Pipelines;
using SigmaComms.Cluster.Peers;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Tests.Simulation;

/// <summary>A network in memory whose cables can be cut. Everything runs on the test's one thread.</summary>
internal sealed class SimNetwork
{
    private readonly Dictionary<string, SimListener> _listeners = [];
    private readonly List<SimCable> _cables = [];
    private readonly HashSet<(NodeId From, NodeId To)> _cut = [];

    /// <summary>Connections that were made so far.</summary>
    public int Connections { get; private set; }

    public void Listen(NodeEndpoint endpoint, SimListener listener)
    {
        if (!_listeners.TryAdd(endpoint.ToString(), listener))
        {
            throw new ClusterException(ClusterFailure.PortInUse, $"port {endpoint.Port} is in use");
        }
    }

    public void Close(SimListener listener)
    {
        foreach (string endpoint in _listeners.Where(pair => pair.Value == listener).Select(pair => pair.Key).ToArray())
        {
            _listeners.Remove(endpoint);
        }
    }

    public void Cut(NodeId a, NodeId b)
    {
        _cut.Add((a, b));
        _cut.Add((b, a));
        Break(cable => (cable.From == a && cable.To == b) || (cable.From == b && cable.To == a));
    }

    public void Mend(NodeId a, NodeId b)
    {
        _cut.Remove((a, b));
        _cut.Remove((b, a));
    }

    public void MendAll() => _cut.Clear();

    /// <summary>Every connection of a process ends, as when it is killed.</summary>
    public void BreakAll(SimHost host) => Break(cable => cable.Dialler == host || cable.Acceptor == host);

    public async ValueTask<SecuredChannel> DialAsync(
        SimHost dialler, SimIdentity identity, NodeEndpoint endpoint, NodeId expected, CancellationToken ct)
    {
        if (!_listeners.TryGetValue(endpoint.ToString(), out SimListener? listener)
            || _cut.Contains((identity.Id, listener.Identity.Id)))
        {
            throw new LinkException(LinkFailure.Unreachable, $"nobody at {endpoint}");
        }

        if (listener.Identity.Id != expected)
        {
            throw new LinkException(LinkFailure.Unreachable, $"another than {expected.Short} is at {endpoint}");
        }

        if (listener.Host.IsFrozen)
        {
            // The kernel takes the connection, the process does not answer.
            var never = new TaskCompletionSource();
            await using CancellationTokenRegistration registration = ct.Register(() => never.TrySetCanceled(ct));
            await never.Task;
        }

        Connections++;
        var cable = new SimCable(dialler, listener.Host, identity.Id, listener.Identity.Id);
        _cables.Add(cable);
        listener.Accept(new SecuredChannel(cable.Right, identity.Id, identity.PublicKey, "127.0.0.1"));
        return new SecuredChannel(cable.Left, listener.Identity.Id, listener.Identity.PublicKey, "127.0.0.1");
    }

    private void Break(Func<SimCable, bool> which)
    {
        foreach (SimCable cable in _cables.Where(which).ToArray())
        {
            _cables.Remove(cable);
            cable.Break();
        }
    }
}
