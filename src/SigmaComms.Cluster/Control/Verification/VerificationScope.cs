using SigmaComms.Consensus;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Verification;

/// <summary>Under which keys votes are verified now.</summary>
/// <param name="Cluster">The cluster's id.</param>
/// <param name="Validators">The validators of the replica's epoch.</param>
internal sealed record VerificationScope(Digest Cluster, ValidatorSet Validators);
