using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.KeyDirectory;

namespace SigmaComms.Client.Sessions;

/// <summary>What sealing needs beside the message.</summary>
/// <param name="Bundle">The peer's prekeys, if there are any at hand.</param>
/// <param name="Now">The time.</param>
/// <param name="Random">Randomness for the ratchet.</param>
internal readonly record struct SealContext(PrekeyBundle? Bundle, DateTimeOffset Now, IRandomSource Random);
