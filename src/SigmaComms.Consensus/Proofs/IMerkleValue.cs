using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Proofs;

/// <summary>What stands in a <see cref="MerkleMap{TValue}"/>: an immutable value that can be hashed.</summary>
public interface IMerkleValue
{
    /// <summary>Hashes the whole value, its kind included. The map asks once and keeps the answer.</summary>
    Digest ComputeDigest();
}
