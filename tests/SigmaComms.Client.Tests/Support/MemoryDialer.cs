using SigmaComms.Client.Links;
using SigmaComms.Cryptography;

namespace SigmaComms.Client.Tests.Support;

/// <summary>Connects one device with the fake cluster.</summary>
internal sealed class MemoryDialer(FakeCluster cluster, NodeId device) : ILinkDialer
{
    private int _dials;

    public int Dials => _dials;

    public ValueTask<DialedChannel> DialAsync(string endpoint, CancellationToken ct)
    {
        Interlocked.Increment(ref _dials);
        return ValueTask.FromResult(cluster.Accept(endpoint, device));
    }
}
