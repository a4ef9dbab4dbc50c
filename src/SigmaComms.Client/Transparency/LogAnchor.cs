using SigmaComms.Consensus;
using SigmaComms.Cryptography;

namespace SigmaComms.Client.Transparency;

/// <summary>Where a client's trust in a cluster's control log begins: the genesis in the cluster's file.</summary>
/// <param name="Cluster">The cluster's id as the log knows it.</param>
/// <param name="Validators">Who votes in the first epoch.</param>
public sealed record LogAnchor(Digest Cluster, ValidatorSet Validators);
