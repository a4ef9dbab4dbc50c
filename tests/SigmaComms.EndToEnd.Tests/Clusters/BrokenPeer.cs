using System.IO.Pipelines;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Channels;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Channels;
using SigmaComms.Transport.Links;

namespace SigmaComms.EndToEnd.Tests.Clusters;

/// <summary>
/// A member gone mad: it has the key and the admission of a node whose process was killed, and sends bytes that no node
/// sends.
/// </summary>
internal sealed class BrokenPeer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TlsIdentity _identity;
    private readonly SecureDialer _dialer;
    private readonly Hello _hello;

    public BrokenPeer(RunningCluster cluster, string node)
    {
        byte[] seed = File.ReadAllBytes(Path.Combine(cluster.NodeFolder(node), "node.key"));
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(cluster.ClusterFile));
        Assert.True(ClusterId.TryParse(file.RootElement.GetProperty("cluster").GetString()!, out ClusterId id));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        _identity = TlsIdentity.Create(
            new MlDsa65SigningKey(seed), node, now.AddHours(-1), now.AddHours(1), SystemRandom.Instance);
        _dialer = new SecureDialer(
            new SecureChannelOptions { Identity = _identity, HandshakeTimeout = Patience }, NullLogger.Instance);
        _hello = new Hello(
            LinkLimits.Protocol,
            id,
            LinkKind.Node,
            Lane.Control,
            (ulong)now.UtcTicks,
            File.ReadAllBytes(Path.Combine(cluster.NodeFolder(node), "node.admission")));
    }

    /// <summary>Shakes hands, is welcomed as the member it poses as, sends garbage.</summary>
    /// <returns>Whether it was welcomed and sent it.</returns>
    public async Task<bool> SendGarbageAsync(int port)
    {
        using CancellationTokenSource late = new(Patience);
        try
        {
            await using SecureConnection channel =
                await _dialer.DialAsync(new IPEndPoint(IPAddress.Loopback, port), late.Token);
            await LinkGreeting.WriteAsync(channel, _hello, FrameKind.Request, 1, late.Token);
            LinkFrame answer = await LinkGreeting.ReadAsync(channel, late.Token);
            if (answer.Message is not Welcome)
            {
                return false;
            }

            await channel.Output.WriteAsync(Enumerable.Repeat((byte)0xff, 64).ToArray(), late.Token);
            bool isOpen = true;
            while (isOpen)
            {
                // The node says goodbye and closes.
                ReadResult said = await channel.Input.ReadAsync(late.Token);
                channel.Input.AdvanceTo(said.Buffer.End);
                isOpen = !said.IsCompleted;
            }

            return true;
        }
        catch (Exception closed) when (closed is IOException or LinkException or OperationCanceledException)
        {
            // The node was faster, or too busy to greet in time: another try tells.
            return false;
        }
    }

    public void Dispose()
    {
        _dialer.Dispose();
        _identity.Dispose();
    }
}
