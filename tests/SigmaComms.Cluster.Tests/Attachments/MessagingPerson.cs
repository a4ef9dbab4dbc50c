using SigmaComms.Client;
using SigmaComms.Client.Links;
using SigmaComms.Cluster.Tests.Sockets;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Sessions;
using SigmaComms.Persistence.InMemory;

namespace SigmaComms.Cluster.Tests.Attachments;

/// <summary>Somebody with an account and a client on real nodes.</summary>
internal sealed class MessagingPerson : IAsyncDisposable
{
    private readonly LocalDevice _device;
    private readonly SecureLinkDialer _dialer;

    private MessagingPerson(LocalDevice device, SecureLinkDialer dialer, MessagingClient client)
    {
        _device = device;
        _dialer = dialer;
        Client = client;
    }

    public MessagingClient Client { get; }

    public static async Task<MessagingPerson> OpenAsync(RealCluster cluster, string name, int node)
    {
        byte[] seeds = new byte[96];
        SystemRandom.Instance.Fill(seeds);
        using MlDsa65SigningKey accountKey = new(seeds.AsSpan(0, 32));
        MlDsa65SigningKey deviceKey = new(seeds.AsSpan(32, 32));
        LocalDevice device = new(accountKey.Id, 1, deviceKey, new SecretBytes(seeds.AsSpan(64)));
        AccountRecord record = AccountRecord.Create(
            name, accountKey, 1, [new DeviceEntry(deviceKey.PublicKey.Span, device.IdentityPublicKey.Span)],
            SystemRandom.Instance);
        SecureLinkDialer dialer = new(deviceKey, TimeProvider.System, SystemRandom.Instance, cluster.Log);
        MessagingClientOptions options = new()
        {
            Device = device,
            Account = record,
            Journal = new InMemoryStore(TimeProvider.System),
            Cluster = new ClusterProfile(
                cluster.Cluster, cluster.OptionsOf(0).OperatorPublicKey, [cluster.OptionsOf(node).Listen!.ToString()]),
            Dialer = dialer,
            PrekeyTarget = 2,
        };
        return new MessagingPerson(device, dialer, await MessagingClient.OpenAsync(options, CancellationToken.None));
    }

    public async Task<InboundItem> ReceiveAsync()
    {
        await foreach (InboundItem item in Client.ReceiveAsync(CancellationToken.None))
        {
            return item;
        }

        throw new InvalidOperationException("nothing came");
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        _dialer.Dispose();
        _device.Dispose();
    }
}
