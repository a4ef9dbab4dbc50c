using SigmaComms.Cryptography.Kem;

namespace SigmaComms.Messaging.Sessions.Handshake;

/// <summary>The private prekeys that a first message names, in the caller's buffer, which the caller zeroes.</summary>
internal readonly ref struct ResponderPrekeys(Span<byte> secrets)
{
    private readonly Span<byte> _secrets = secrets;

    /// <summary>The signed prekey.</summary>
    public Span<byte> Signed => _secrets[..X25519.KeySize];

    /// <summary>The one-time prekey, if the message names one.</summary>
    public Span<byte> OneTime => _secrets.Slice(X25519.KeySize, X25519.KeySize);

    /// <summary>The seed of the post-quantum prekey.</summary>
    public Span<byte> KemSeed => _secrets[(2 * X25519.KeySize)..];

    /// <summary>Reads the keys.</summary>
    /// <returns>
    /// False if one of them is not, or no longer, there; or if a one-time prekey comes with the last-resort key. No
    /// bundle has both, and who joins them could use up one-time prekeys without using a bundle.
    /// </returns>
    public bool TryLoad(in InitialHeader header, IPrekeySecrets prekeys, out bool isLastResort) =>
        prekeys.TryGetKemPrekey(header.KemPrekeyId, KemSeed, out isLastResort)
        && prekeys.TryGetSignedPrekey(header.SignedPrekeyId, Signed)
        && (header.OneTimePrekeyId is not { } id || (!isLastResort && prekeys.TryGetOneTimePrekey(id, OneTime)));
}
