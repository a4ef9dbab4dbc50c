using System.Text;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Tests.Proofs;

internal sealed record TextValue(string Text) : IMerkleValue
{
    public Digest ComputeDigest() => Digest.Sha256(Encoding.UTF8.GetBytes(Text));
}
