using SigmaComms.Consensus;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Guards;

/// <summary>One thing that a vote says.</summary>
/// <param name="Kind">What.</param>
/// <param name="Epoch">In which epoch.</param>
/// <param name="View">Of which view.</param>
/// <param name="Block">Of which block; all zeros of a nullify.</param>
internal readonly record struct Statement(VoteKind Kind, Epoch Epoch, View View, Digest Block);
