using System.Collections.Concurrent;
using SigmaComms.Consensus.Membership;
using SigmaComms.Cryptography;

namespace SigmaComms.Simulation.Keys;

/// <summary>The keys of a node over all its lives.</summary>
internal sealed class SimIdentity
{
    private const ulong VotingKeys = 1_000_000;

    private readonly ISignatureScheme _scheme;
    private readonly int _number;
    private readonly ConcurrentDictionary<uint, SimKey> _votingKeys = new();
    private readonly ConcurrentDictionary<uint, VotingKeyClaim> _claims = new();

    public SimIdentity(ISignatureScheme scheme, int number)
    {
        (_scheme, _number) = (scheme, number);
        NodeKey = scheme.Make((ulong)number);
    }

    public static Digest Cluster { get; } = Digest.Sha256("simulated cluster"u8);

    public SimKey NodeKey { get; }

    public NodeId Id => NodeKey.Id;

    public SimKey VotingKey(uint incarnation) => _votingKeys.GetOrAdd(
        incarnation, life => _scheme.Make(VotingKeys + ((ulong)_number * 1_000) + life));

    public VotingKeyClaim Claim(uint incarnation) => _claims.GetOrAdd(incarnation, life =>
    {
        SimKey key = VotingKey(life);
        byte[] possession = _scheme.Sign(
            key, VotingKeyClaim.EncodeSigned(Id, life), VotingKeyClaim.SignatureContext(Cluster));
        return VotingKeyClaim.Assemble(life, key.PublicKey, possession);
    });

    /// <summary>Asks to be a validator.</summary>
    public NodeRequest Request(uint incarnation)
    {
        byte[] signed = NodeRequest.EncodeSigned(
            NodeKey.PublicKey, new NodePlace(NodeRoles.Validator, "zone", 100), [$"10.0.0.{_number}:7000"],
            Claim(incarnation));
        return NodeRequest.Assemble(
            signed, _scheme.Sign(NodeKey, signed, NodeRequest.SignatureContext(Cluster)));
    }
}
