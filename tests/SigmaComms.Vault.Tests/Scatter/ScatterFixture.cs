using SigmaComms.Actors.TestKit;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Vault.Tests.Scatter;

/// <summary>A vault of stripes of 64 KiB over pretended nodes, with a clock that stands still.</summary>
internal sealed class ScatterFixture : IDisposable
{
    private readonly Dictionary<NodeId, FaultyFragmentStore> _stores = [];

    public ScatterFixture(int nodes = 6, int data = 4, int parity = 2, Action<ScatterOptions>? adjust = null)
    {
        for (int i = 0; i < nodes; i++)
        {
            _stores.Add(new NodeId(Digest.Sha256([(byte)i])), new FaultyFragmentStore());
        }

        ScatterOptions options = new();
        adjust?.Invoke(options);
        Placement placement = new(_stores.Keys.Select(node => new StorageNode(node, "", 100)));
        Network = new StorageNetwork(placement, node => _stores.GetValueOrDefault(node), Time);
        Shape = new VaultShape(data, parity, VaultShape.StripeSizeMinBytes);
        Writer = new StripeScatter(Shape, Keys, Network, Buffers, SystemRandom.Instance, options);
        Reader = new StripeGather(Network, Buffers, options);
    }

    public VirtualTime Time { get; } = new();

    public VaultShape Shape { get; }

    public StripeKeys Keys { get; } = new(Digest.Sha256("vault"u8), new byte[32], new byte[32]);

    public StripeBuffers Buffers { get; } = new();

    public StorageNetwork Network { get; }

    public StripeScatter Writer { get; }

    public StripeGather Reader { get; }

    public IReadOnlyList<FaultyFragmentStore> Stores => [.. _stores.Values];

    public FaultyFragmentStore StoreOf(NodeId node) => _stores[node];

    public static byte[] Plaintext(int length)
    {
        byte[] plaintext = new byte[length];
        Random.Shared.NextBytes(plaintext);
        return plaintext;
    }

    public async Task<List<ScatteredStripe>> WriteAsync(byte[] plaintext, CancellationToken cancellationToken = default)
    {
        List<ScatteredStripe> written = [];
        await foreach (ScatteredStripe stripe in Writer.WriteAsync(new MemoryStream(plaintext), cancellationToken))
        {
            written.Add(stripe);
        }

        return written;
    }

    public async Task<(GatherResult Result, byte[] Plaintext)> ReadAsync(IEnumerable<ScatteredStripe> stripes)
    {
        using MemoryStream plaintext = new();
        IEnumerable<LockedStripe> locked = stripes.Select(stripe => new LockedStripe(stripe.Entry, Keys));
        GatherResult result = await Reader
            .CopyToAsync(locked, plaintext, CancellationToken.None)
            .WaitAsync(TimeSpan.FromSeconds(60));
        return (result, plaintext.ToArray());
    }

    public void Dispose()
    {
        Writer.Dispose();
        Keys.Dispose();
        Assert.Equal(0, Buffers.Figures.RentedBytes);
    }
}
