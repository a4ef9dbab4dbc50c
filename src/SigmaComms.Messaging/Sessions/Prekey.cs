using SigmaComms.Cryptography;

namespace SigmaComms.Messaging.Sessions;

/// <summary>One private prekey. Owns its secret.</summary>
/// <param name="Id">Never used twice by a device.</param>
/// <param name="IsLastResort">Whether it is handed out more than once; only for post-quantum keys.</param>
/// <param name="Expiry">When its bundles end.</param>
/// <param name="Secret">X25519 private key, or ML-KEM-1024 seed.</param>
internal sealed record Prekey(uint Id, bool IsLastResort, DateTimeOffset Expiry, SecretBytes Secret);
