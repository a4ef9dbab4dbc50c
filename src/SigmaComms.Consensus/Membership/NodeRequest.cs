using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Consensus.Membership;

/// <summary>
/// A node asks to be admitted, in its own words and under its own signature: nobody can be admitted unasked, and
/// nobody can change its keys on the way. Byte table: docs/formats/membership.md.
/// </summary>
public sealed class NodeRequest
{
    /// <summary>The largest encoding: 11,600 bytes.</summary>
    public const int EncodedSizeMax = 11_600;

    private const byte FormatVersion = 1;

    private NodeRequest(
        ReadOnlyMemory<byte> encoded,
        ReadOnlyMemory<byte> nodeKey,
        NodePlace place,
        IReadOnlyList<string> addresses,
        VotingKeyClaim? claim)
    {
        Encoded = encoded;
        NodeKey = nodeKey;
        Node = NodeId.Of(nodeKey.Span);
        Place = place;
        Addresses = addresses;
        VotingKey = claim;
    }

    /// <summary>The bytes as they were signed, with the signature.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>The node's ML-DSA-65 identity key, 1,952 bytes.</summary>
    public ReadOnlyMemory<byte> NodeKey { get; }

    /// <summary>The node: the hash of its key.</summary>
    public NodeId Node { get; }

    /// <summary>What it wants to do, and where it stands.</summary>
    public NodePlace Place { get; }

    /// <summary>Where it listens.</summary>
    public IReadOnlyList<string> Addresses { get; }

    /// <summary>Its voting key; not null if it wants to vote.</summary>
    public VotingKeyClaim? VotingKey { get; }

    private static ReadOnlySpan<byte> ContextLabel => "SigmaComms node request v1"u8;

    private ReadOnlySpan<byte> Signed => Encoded.Span[2..^MlDsa65.SignatureSize];

    /// <summary>What the node's key signs for a cluster.</summary>
    /// <param name="cluster">The cluster's id.</param>
    public static byte[] SignatureContext(Digest cluster) => [.. ContextLabel, .. cluster.ToArray()];

    /// <summary>The bytes to sign.</summary>
    /// <param name="nodeKey">The node's identity key, 1,952 bytes.</param>
    /// <param name="place">What it wants to do.</param>
    /// <param name="addresses">Where it listens.</param>
    /// <param name="votingKey">Its voting key; needed by who wants to vote.</param>
    public static byte[] EncodeSigned(
        ReadOnlySpan<byte> nodeKey, NodePlace place, IReadOnlyList<string> addresses, VotingKeyClaim? votingKey)
    {
        WireWriter writer = new(EncodedSizeMax);
        writer.U8(FormatVersion).Fixed(nodeKey);
        place.WriteTo(writer);
        NodeAddresses.Write(writer, addresses);
        writer.Flag(votingKey is not null);
        votingKey?.WriteTo(writer);
        return writer.ToArray();
    }

    /// <summary>Joins signed bytes with their signature.</summary>
    /// <param name="signed">What <see cref="EncodeSigned"/> gave.</param>
    /// <param name="signature">The signature, 3,309 bytes.</param>
    /// <exception cref="ArgumentException">They make no request.</exception>
    public static NodeRequest Assemble(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        byte[] encoded = new WireWriter(EncodedSizeMax).Opaque16(signed).Fixed(signature).ToArray();
        return TryDecode(encoded, out NodeRequest? request)
            ? request
            : throw new ArgumentException("The parts make no request: something is over its limits.");
    }

    /// <summary>Decodes a request without verifying it.</summary>
    /// <param name="encoded">Untrusted bytes; copied.</param>
    /// <param name="request">The request, or null.</param>
    /// <returns>False unless the encoding is canonical and who wants to vote has a voting key.</returns>
    public static bool TryDecode(ReadOnlyMemory<byte> encoded, [NotNullWhen(true)] out NodeRequest? request)
    {
        request = null;
        byte[] bytes = encoded.Length <= EncodedSizeMax ? encoded.ToArray() : [];
        var outer = new WireReader(bytes);
        var reader = new WireReader(outer.Opaque16());
        outer.Fixed(MlDsa65.SignatureSize);
        bool known = reader.U8() == FormatVersion;
        byte[] nodeKey = reader.Fixed(MlDsa65.PublicKeySize).ToArray();
        if (!known || !outer.AtEnd
            || !NodePlace.TryRead(ref reader, out NodePlace? place)
            || !NodeAddresses.TryRead(ref reader, out IReadOnlyList<string>? addresses))
        {
            return false;
        }

        VotingKeyClaim? claim = null;
        if (reader.Flag() && !VotingKeyClaim.TryRead(ref reader, out claim))
        {
            return false;
        }

        if (!reader.AtEnd || (place.IsValidator && claim is null))
        {
            return false;
        }

        request = new NodeRequest(bytes, nodeKey, place, addresses, claim);
        return true;
    }

    /// <summary>Whether the node signed the request for this cluster, and holds the voting key.</summary>
    /// <param name="cluster">The cluster's id.</param>
    /// <param name="verifier">Verifies the signatures.</param>
    public bool Verify(Digest cluster, ISignatureVerifier verifier) =>
        verifier.Verify(NodeKey.Span, Signed, SignatureContext(cluster), Encoded.Span[^MlDsa65.SignatureSize..])
        && VotingKey?.Verify(Node, cluster, verifier) != false;
}
