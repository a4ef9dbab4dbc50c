using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kem;

namespace SigmaComms.Messaging.Channels.KeyExchange;

/// <summary>A group of this profile: a classical agreement beside ML-KEM-768, in the group's own order.</summary>
/// <standard>draft-ietf-tls-ecdhe-mlkem, section 4; draft-ietf-tls-hybrid-design, section 3.3.</standard>
internal sealed class HybridGroup
{
    /// <summary>Size of the shared secret: 32 bytes of each part.</summary>
    public const int SecretSize = 64;

    private const int PartSize = 32;

    private static readonly HybridGroup X25519MlKem768 =
        new(TlsGroup.X25519MlKem768, X25519Agreement.Instance, kemFirst: true);

    private static readonly HybridGroup SecP256r1MlKem768 =
        new(TlsGroup.SecP256r1MlKem768, P256Agreement.Instance, kemFirst: false);

    private readonly IClassicalAgreement _classical;
    private readonly bool _kemFirst;

    private HybridGroup(TlsGroup group, IClassicalAgreement classical, bool kemFirst)
    {
        Group = group;
        _classical = classical;
        _kemFirst = kemFirst;
    }

    public TlsGroup Group { get; }

    public int ClientShareSize => MlKem768.EncapsulationKeySize + _classical.PublicKeySize;

    public int ServerShareSize => MlKem768.CiphertextSize + _classical.PublicKeySize;

    public static HybridGroup Of(TlsGroup group) => group switch
    {
        TlsGroup.X25519MlKem768 => X25519MlKem768,
        TlsGroup.SecP256r1MlKem768 => SecP256r1MlKem768,
        _ => throw new ArgumentOutOfRangeException(nameof(group)),
    };

    /// <summary>Client: makes both private keys and the share to send.</summary>
    public byte[] Offer(IRandomSource random, Span<byte> kemSeed, Span<byte> classicalKey)
    {
        byte[] share = new byte[ClientShareSize];
        Split(share, MlKem768.EncapsulationKeySize, out Span<byte> kem, out Span<byte> classical);
        random.Fill(kemSeed);
        MlKem768.DeriveEncapsulationKey(kemSeed, kem);
        _classical.Generate(random, classicalKey, classical);
        return share;
    }

    /// <summary>Server: answers the client's share.</summary>
    /// <returns>False, with the secret zeroed, if the share is not allowed.</returns>
    public bool TryAnswer(
        ReadOnlySpan<byte> clientShare, IRandomSource random, Span<byte> serverShare, Span<byte> secret)
    {
        secret.Clear();
        if (clientShare.Length != ClientShareSize)
        {
            return false;
        }

        const int KemKeySize = MlKem768.EncapsulationKeySize;
        Split(clientShare, KemKeySize, out ReadOnlySpan<byte> kemKey, out ReadOnlySpan<byte> peerKey);
        Split(serverShare, MlKem768.CiphertextSize, out Span<byte> ciphertext, out Span<byte> publicKey);
        Split(secret, PartSize, out Span<byte> kemSecret, out Span<byte> classicalSecret);
        using var privateKey = new SecretBytes(PartSize);
        using var encapsulation = new SecretBytes(MlKem768.RandomnessSize);
        random.Fill(encapsulation.Span);
        _classical.Generate(random, privateKey.Span, publicKey);
        if (MlKem768.TryEncapsulate(kemKey, encapsulation.Span, ciphertext, kemSecret)
            && _classical.TryAgree(privateKey.Span, peerKey, classicalSecret))
        {
            return true;
        }

        secret.Clear();
        return false;
    }

    /// <summary>Client: agrees with the server's share.</summary>
    /// <returns>False, with the secret zeroed, if the share is not allowed.</returns>
    public bool TryAgree(
        ReadOnlySpan<byte> kemSeed, ReadOnlySpan<byte> classicalKey, ReadOnlySpan<byte> serverShare, Span<byte> secret)
    {
        secret.Clear();
        if (serverShare.Length != ServerShareSize)
        {
            return false;
        }

        Split(serverShare, MlKem768.CiphertextSize, out ReadOnlySpan<byte> ciphertext, out ReadOnlySpan<byte> peerKey);
        Split(secret, PartSize, out Span<byte> kemSecret, out Span<byte> classicalSecret);
        MlKem768.Decapsulate(kemSeed, ciphertext, kemSecret);
        if (_classical.TryAgree(classicalKey, peerKey, classicalSecret))
        {
            return true;
        }

        secret.Clear();
        return false;
    }

    private void Split(Span<byte> whole, int kemSize, out Span<byte> kem, out Span<byte> classical)
    {
        kem = _kemFirst ? whole[..kemSize] : whole[^kemSize..];
        classical = _kemFirst ? whole[kemSize..] : whole[..^kemSize];
    }

    private void Split(
        ReadOnlySpan<byte> whole, int kemSize, out ReadOnlySpan<byte> kem, out ReadOnlySpan<byte> classical)
    {
        kem = _kemFirst ? whole[..kemSize] : whole[^kemSize..];
        classical = _kemFirst ? whole[kemSize..] : whole[..^kemSize];
    }
}
