using SigmaComms.Cryptography;

namespace SigmaComms.Messaging.Sessions;

/// <summary>One private prekey that is handed out more than once. Owns its secret.</summary>
/// <param name="Id">Never used twice by a device.</param>
/// <param name="Expiry">When its bundles end.</param>
/// <param name="Secret">X25519 private key, or ML-KEM-1024 seed.</param>
internal sealed record Prekey(uint Id, DateTimeOffset Expiry, SecretBytes Secret);
