using SigmaComms.Consensus;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control;

/// <summary>The state that the log drives, after a final block.</summary>
/// <param name="Ledger">The state.</param>
/// <param name="Height">The block.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Timestamp">Its time, in UTC ticks.</param>
/// <param name="Lag">Final blocks that are not in it, as far as is known here.</param>
public sealed record ControlReading(Ledger Ledger, Height Height, Digest Digest, long Timestamp, ulong Lag);
