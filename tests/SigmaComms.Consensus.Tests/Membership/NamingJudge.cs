using SigmaComms.Consensus.Membership;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Tests.Membership;

/// <summary>Convicts the validator whose id the evidence is.</summary>
internal sealed class NamingJudge : IEvidenceJudge
{
    public bool TryConvict(Digest cluster, ValidatorSet validators, ReadOnlySpan<byte> evidence, out NodeId guilty)
    {
        guilty = evidence.Length == Digest.SizeBytes ? new NodeId(new Digest(evidence)) : default;
        return validators.TryIndexOf(guilty, out _);
    }
}
