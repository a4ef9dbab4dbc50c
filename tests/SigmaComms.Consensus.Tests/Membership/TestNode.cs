using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Tests.Support;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Tests.Membership;

/// <summary>A node that signs for itself with made-up signatures.</summary>
internal sealed class TestNode(int number)
{
    public static readonly Digest Cluster = Digest.Sha256([7]);

    public byte[] Key { get; } = FakeSignatures.Key(number);

    public NodeId Id => NodeId.Of(Key);

    public VotingKeyClaim Claim(uint incarnation = 1, int keyNumber = 0)
    {
        byte[] key = FakeSignatures.Key(10_000 + (number * 100) + keyNumber + (int)incarnation);
        byte[] possession = FakeSignatures.Sign(
            key, VotingKeyClaim.EncodeSigned(Id, incarnation), VotingKeyClaim.SignatureContext(Cluster));
        return VotingKeyClaim.Assemble(incarnation, key, possession);
    }

    public NodeRequest Request(NodeRoles roles = NodeRoles.Validator, VotingKeyClaim? claim = null)
    {
        byte[] signed = NodeRequest.EncodeSigned(
            Key, new NodePlace(roles, "zone-1", 100), [$"10.0.0.{number}:7000"], claim ?? Claim());
        return NodeRequest.Assemble(
            signed, FakeSignatures.Sign(Key, signed, NodeRequest.SignatureContext(Cluster)));
    }
}
