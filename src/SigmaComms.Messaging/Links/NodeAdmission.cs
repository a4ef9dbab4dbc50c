using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Messaging.Links;

/// <summary>The operator's signed permission for a node to take part in a cluster.</summary>
/// <standard>FIPS 204 (ML-DSA-65) over the bytes of docs/formats/link-frames.md.</standard>
public sealed record NodeAdmission
{
    private const byte Version = 1;

    private NodeAdmission()
    {
    }

    /// <summary>The cluster.</summary>
    public required ClusterId Cluster { get; init; }

    /// <summary>The node: the hash of its public key.</summary>
    public NodeId Node => NodeId.Of(PublicKey.Span);

    /// <summary>The node's ML-DSA-65 public key, 1952 bytes.</summary>
    public required ReadOnlyMemory<byte> PublicKey { get; init; }

    /// <summary>The node's name for people, at most 64 bytes.</summary>
    public required string Name { get; init; }

    /// <summary>Where the operator expects the node to listen; may be empty.</summary>
    public required IReadOnlyList<NodeEndpoint> Endpoints { get; init; }

    /// <summary>What the node may do.</summary>
    public required NodeRoles Roles { get; init; }

    /// <summary>When the permission ends, in UTC, to the second.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>The bytes that were signed, then the signature: what travels and is kept.</summary>
    public required ReadOnlyMemory<byte> Encoded { get; init; }

    private static ReadOnlySpan<byte> Context => "SigmaComms/1 admission"u8;

    /// <summary>Signs an admission with the operator's key.</summary>
    /// <param name="operatorKey">The cluster operator's key.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="publicKey">The node's ML-DSA-65 public key, 1952 bytes.</param>
    /// <param name="name">The node's name for people.</param>
    /// <param name="endpoints">Where the node is expected to listen.</param>
    /// <param name="roles">What the node may do.</param>
    /// <param name="notAfter">When the permission ends.</param>
    /// <param name="random">Randomness of the signature.</param>
    /// <exception cref="ArgumentException">The key, name or endpoints are over their limits.</exception>
    public static NodeAdmission Sign(
        MlDsa65SigningKey operatorKey,
        ClusterId cluster,
        ReadOnlyMemory<byte> publicKey,
        string name,
        IReadOnlyList<NodeEndpoint> endpoints,
        NodeRoles roles,
        DateTimeOffset notAfter,
        IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(operatorKey);
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(endpoints.Count, LinkLimits.EndpointsPerNode);
        if (publicKey.Length != MlDsa65.PublicKeySize)
        {
            throw new ArgumentException($"A node's key has {MlDsa65.PublicKeySize} bytes.", nameof(publicKey));
        }

        WireWriter writer = new WireWriter(8 * 1024).U8(Version);
        LinkWire.Write(writer, cluster.Value);
        writer.Opaque16(publicKey.Span);
        LinkWire.Write(writer, name);
        LinkWire.WriteList(writer, endpoints, static (w, endpoint) => endpoint.Write(w));
        writer.U32((uint)roles).U64((ulong)notAfter.ToUnixTimeSeconds());
        writer.Opaque16(operatorKey.Sign(writer.Written, Context, random));
        return TryDecode(writer.ToArray(), out NodeAdmission? admission)
            ? admission!
            : throw new ArgumentException("The name or an endpoint is over its limit.", nameof(name));
    }

    /// <summary>Reads an admission from untrusted bytes. Does not verify the signature.</summary>
    /// <param name="encoded">The bytes; kept, not copied.</param>
    /// <param name="admission">The admission, or null.</param>
    /// <returns>False if the bytes are anything else.</returns>
    public static bool TryDecode(ReadOnlyMemory<byte> encoded, out NodeAdmission? admission)
    {
        admission = null;
        var reader = new WireReader(encoded.Span);
        byte version = reader.U8();
        var cluster = new ClusterId(LinkWire.Digest16(ref reader));
        byte[] publicKey = reader.Opaque16(MlDsa65.PublicKeySize).ToArray();
        string name = LinkWire.Text(ref reader, LinkLimits.NameBytes);
        IReadOnlyList<NodeEndpoint> endpoints =
            LinkWire.ReadList(ref reader, LinkLimits.EndpointsPerNode, NodeEndpoint.Read);
        uint roles = reader.U32();
        ulong notAfter = reader.U64();
        int signature = reader.Opaque16(MlDsa65.SignatureSize).Length;
        if (!reader.AtEnd || version != Version || publicKey.Length != MlDsa65.PublicKeySize
            || signature != MlDsa65.SignatureSize || encoded.Length > LinkLimits.AdmissionBytes
            || notAfter > (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            return false;
        }

        admission = new NodeAdmission
        {
            Cluster = cluster,
            PublicKey = publicKey,
            Name = name,
            Endpoints = endpoints,
            Roles = (NodeRoles)roles,
            NotAfter = DateTimeOffset.FromUnixTimeSeconds((long)notAfter),
            Encoded = encoded,
        };
        return true;
    }

    /// <summary>Whether the operator of this cluster signed it and it has not ended.</summary>
    /// <param name="operatorPublicKey">The operator's ML-DSA-65 public key.</param>
    /// <param name="cluster">The cluster it must be for.</param>
    /// <param name="now">The present time.</param>
    public AdmissionVerdict Verify(ReadOnlySpan<byte> operatorPublicKey, ClusterId cluster, DateTimeOffset now)
    {
        if (Cluster != cluster)
        {
            return AdmissionVerdict.WrongCluster;
        }

        ReadOnlySpan<byte> bytes = Encoded.Span;
        int signed = bytes.Length - MlDsa65.SignatureSize - sizeof(ushort);
        if (!MlDsa65.Verify(operatorPublicKey, bytes[..signed], Context, bytes[^MlDsa65.SignatureSize..]))
        {
            return AdmissionVerdict.BadSignature;
        }

        return now > NotAfter ? AdmissionVerdict.Expired : AdmissionVerdict.Valid;
    }
}
