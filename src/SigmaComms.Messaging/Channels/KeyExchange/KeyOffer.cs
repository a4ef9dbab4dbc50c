using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kem;

namespace SigmaComms.Messaging.Channels.KeyExchange;

/// <summary>The client's ephemeral keys for one group, until the server has answered.</summary>
internal sealed class KeyOffer : IDisposable
{
    private readonly HybridGroup _group;
    private readonly SecretBytes _kemSeed = new(MlKem768.SeedSize);
    private readonly SecretBytes _classicalKey = new(X25519.KeySize);

    public KeyOffer(TlsGroup group, IRandomSource random)
    {
        _group = HybridGroup.Of(group);
        Share = _group.Offer(random, _kemSeed.Span, _classicalKey.Span);
    }

    public TlsGroup Group => _group.Group;

    /// <summary>What is sent to the server.</summary>
    public byte[] Share { get; }

    public bool TryAgree(ReadOnlySpan<byte> serverShare, Span<byte> secret) =>
        _group.TryAgree(_kemSeed.Span, _classicalKey.Span, serverShare, secret);

    public void Dispose()
    {
        _kemSeed.Dispose();
        _classicalKey.Dispose();
    }
}
