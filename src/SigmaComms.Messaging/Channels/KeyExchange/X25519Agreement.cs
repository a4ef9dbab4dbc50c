using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kem;

namespace SigmaComms.Messaging.Channels.KeyExchange;

/// <summary>X25519.</summary>
/// <standard>RFC 7748; RFC 8446, section 7.4.2 (an all-zero secret is refused).</standard>
internal sealed class X25519Agreement : IClassicalAgreement
{
    public static readonly X25519Agreement Instance = new();

    private X25519Agreement()
    {
    }

    public int PublicKeySize => X25519.KeySize;

    public void Generate(IRandomSource random, Span<byte> privateKey32, Span<byte> publicKey)
    {
        random.Fill(privateKey32);
        X25519.DerivePublicKey(privateKey32, publicKey);
    }

    public bool TryAgree(ReadOnlySpan<byte> privateKey32, ReadOnlySpan<byte> peerPublicKey, Span<byte> secret32) =>
        X25519.TryAgree(privateKey32, peerPublicKey, secret32);
}
