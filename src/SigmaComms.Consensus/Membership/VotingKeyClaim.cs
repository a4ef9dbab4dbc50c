using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Consensus.Membership;

/// <summary>
/// A node's voting key for the next epoch, with a signature by that key: who does not hold the key cannot announce it,
/// neither as his own nor to block its owner. Byte table: docs/formats/membership.md.
/// </summary>
public sealed class VotingKeyClaim
{
    private VotingKeyClaim(uint incarnation, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> possession)
    {
        Incarnation = incarnation;
        Key = key;
        Possession = possession;
        KeyDigest = Digest.Sha256(key.Span);
    }

    /// <summary>Counts the lives of the node's durable state; at least 1.</summary>
    public uint Incarnation { get; }

    /// <summary>The ML-DSA-65 public key, 1,952 bytes.</summary>
    public ReadOnlyMemory<byte> Key { get; }

    /// <summary>The key's signature over what <see cref="EncodeSigned"/> gives, 3,309 bytes.</summary>
    public ReadOnlyMemory<byte> Possession { get; }

    /// <summary>The hash of the key.</summary>
    public Digest KeyDigest { get; }

    private static ReadOnlySpan<byte> ContextLabel => "SigmaComms voting key v1"u8;

    /// <summary>What the voting key signs for a cluster.</summary>
    /// <param name="cluster">The cluster's id.</param>
    public static byte[] SignatureContext(Digest cluster) => [.. ContextLabel, .. cluster.ToArray()];

    /// <summary>The bytes that the voting key signs.</summary>
    /// <param name="node">The node.</param>
    /// <param name="incarnation">Its incarnation.</param>
    public static byte[] EncodeSigned(NodeId node, uint incarnation) =>
        new WireWriter(36).Digest(node.Value).U32(incarnation).ToArray();

    /// <summary>Joins the parts of a claim.</summary>
    /// <param name="incarnation">At least 1.</param>
    /// <param name="key">The public key, 1,952 bytes.</param>
    /// <param name="possession">Its signature, 3,309 bytes.</param>
    /// <exception cref="ArgumentException">A part has the wrong length.</exception>
    public static VotingKeyClaim Assemble(
        uint incarnation, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> possession) =>
        incarnation > 0 && key.Length == MlDsa65.PublicKeySize && possession.Length == MlDsa65.SignatureSize
            ? new VotingKeyClaim(incarnation, key, possession)
            : throw new ArgumentException("A claim has an incarnation from 1, a key and a signature of ML-DSA-65.");

    /// <summary>Whether the key's holder claims it for this node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="cluster">The cluster's id.</param>
    /// <param name="verifier">Verifies the signature.</param>
    public bool Verify(NodeId node, Digest cluster, ISignatureVerifier verifier) => verifier.Verify(
        Key.Span, EncodeSigned(node, Incarnation), SignatureContext(cluster), Possession.Span);

    /// <summary>Writes the claim.</summary>
    /// <param name="writer">Receives it.</param>
    public void WriteTo(WireWriter writer) => writer.U32(Incarnation).Fixed(Key.Span).Fixed(Possession.Span);

    /// <summary>Reads a claim without verifying it; the reader fails if there is none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    /// <param name="claim">The claim, or null.</param>
    /// <returns>False, with a failed reader, if the bytes are no claim.</returns>
    public static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out VotingKeyClaim? claim)
    {
        claim = null;
        uint incarnation = reader.U32();
        byte[] key = reader.Fixed(MlDsa65.PublicKeySize).ToArray();
        byte[] possession = reader.Fixed(MlDsa65.SignatureSize).ToArray();
        if (incarnation == 0)
        {
            reader.Fail();
        }

        if (reader.Failed)
        {
            return false;
        }

        claim = new VotingKeyClaim(incarnation, key, possession);
        return true;
    }
}
