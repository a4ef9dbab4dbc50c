using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Kem;

namespace SigmaComms.Messaging.Sessions.Handshake;

/// <summary>KM of PQXDH: 32 bytes FF, the Diffie-Hellman results in order, the encapsulated secret.</summary>
internal sealed class KeyMaterial : IDisposable
{
    private const int PrefixSize = 32;
    private const int AgreementsMax = 4;

    private readonly SecretBytes _bytes = new(PrefixSize + ((AgreementsMax + 1) * X25519.KeySize));
    private int _length = PrefixSize;

    /// <summary>Starts with the prefix.</summary>
    public KeyMaterial() => _bytes.Span[..PrefixSize].Fill(0xFF);

    /// <summary>All that was added.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.Span[.._length];

    /// <summary>Adds an agreement.</summary>
    /// <returns>False if the peer's key has low order.</returns>
    public bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey) =>
        X25519.TryAgree(privateKey, publicKey, Next());

    /// <summary>Room for the encapsulated secret.</summary>
    public Span<byte> Next()
    {
        Span<byte> room = _bytes.Span.Slice(_length, X25519.KeySize);
        _length += X25519.KeySize;
        return room;
    }

    /// <inheritdoc/>
    public void Dispose() => _bytes.Dispose();
}
