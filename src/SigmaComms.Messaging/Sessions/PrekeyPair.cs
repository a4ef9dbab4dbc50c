using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Kem;

namespace SigmaComms.Messaging.Sessions;

/// <summary>The two private halves of one one-time bundle; they live and go together. Owns its secret.</summary>
/// <param name="KemId">Id of the post-quantum prekey.</param>
/// <param name="OneTimeId">Id of the X25519 prekey.</param>
/// <param name="Expiry">When the bundle ends.</param>
/// <param name="Secret">ML-KEM-1024 seed | X25519 private key.</param>
internal sealed record PrekeyPair(uint KemId, uint OneTimeId, DateTimeOffset Expiry, SecretBytes Secret)
{
    /// <summary>Size of the secret.</summary>
    public const int SecretSizeBytes = MlKem1024.SeedSize + X25519.KeySize;

    /// <summary>The seed of the post-quantum prekey.</summary>
    public Span<byte> KemSeed => Secret.Span[..MlKem1024.SeedSize];

    /// <summary>The private X25519 prekey.</summary>
    public Span<byte> OneTimeKey => Secret.Span[MlKem1024.SeedSize..];
}
