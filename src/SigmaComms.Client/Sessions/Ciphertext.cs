using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Sessions;

/// <summary>A message sealed once: the same bytes under the same id at every attempt to deposit it.</summary>
/// <param name="DepositId">Names it at the mailbox.</param>
/// <param name="Attempt">How often the message had been sealed before.</param>
/// <param name="UnixMs">When it was sealed, in milliseconds since 1970.</param>
/// <param name="Bytes">The session's message.</param>
internal sealed record Ciphertext(Digest16 DepositId, int Attempt, long UnixMs, ReadOnlyMemory<byte> Bytes);
