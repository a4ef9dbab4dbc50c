namespace SigmaComms.Messaging.Sessions;

/// <summary>A first message accepted under a last-resort prekey; the same pair is refused from then on.</summary>
/// <param name="KemPrekeyId">The last-resort key.</param>
/// <param name="EphemeralKey">The initiator's ephemeral X25519 public key, 32 bytes.</param>
public sealed record LastResortUse(uint KemPrekeyId, ReadOnlyMemory<byte> EphemeralKey);
