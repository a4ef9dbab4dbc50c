using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Membership;

/// <summary>Says whom a piece of evidence convicts; the same answer on every machine.</summary>
public interface IEvidenceJudge
{
    /// <summary>Judges evidence. Never throws.</summary>
    /// <param name="cluster">The cluster's id.</param>
    /// <param name="validators">The validators of the epoch that the evidence may be about.</param>
    /// <param name="evidence">Untrusted bytes.</param>
    /// <param name="guilty">The validator, or default.</param>
    /// <returns>False unless the evidence proves that this validator's key signed what no honest node signs.</returns>
    bool TryConvict(Digest cluster, ValidatorSet validators, ReadOnlySpan<byte> evidence, out NodeId guilty);
}
