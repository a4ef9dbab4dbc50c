using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Machines;

/// <summary>Where and for whom a command is executed; the same on every machine.</summary>
/// <param name="Epoch">The block's epoch.</param>
/// <param name="Height">The block's height.</param>
/// <param name="Timestamp">The block's time in UTC ticks of 100 ns; grows with every block.</param>
/// <param name="Signer">Who signed the command: the hash of an ML-DSA-65 key.</param>
/// <param name="Client">The session it came in.</param>
/// <param name="Sequence">Its number in the session.</param>
/// <param name="IsMember">Whether the signer is a member of the cluster, as far as a machine says who is.</param>
public readonly record struct CommandContext(
    Epoch Epoch, Height Height, long Timestamp, NodeId Signer, Digest Client, ulong Sequence,
    bool IsMember = false);
