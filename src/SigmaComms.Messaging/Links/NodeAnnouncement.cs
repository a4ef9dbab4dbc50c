using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Messaging.Links;

/// <summary>A node's own signed word: this process of mine listens here.</summary>
/// <standard>FIPS 204 (ML-DSA-65) over the bytes of docs/formats/link-frames.md.</standard>
public sealed record NodeAnnouncement
{
    private const byte Version = 1;

    private NodeAnnouncement()
    {
    }

    /// <summary>The cluster the node means to join.</summary>
    public required ClusterId Cluster { get; init; }

    /// <summary>The node.</summary>
    public required NodeId Node { get; init; }

    /// <summary>The process, greater at each start.</summary>
    public required ulong Incarnation { get; init; }

    /// <summary>Where it listens.</summary>
    public required IReadOnlyList<NodeEndpoint> Endpoints { get; init; }

    /// <summary>When it was signed, by the node's clock.</summary>
    public required DateTimeOffset SignedAt { get; init; }

    /// <summary>Tells one request from its replay.</summary>
    public required Digest16 Nonce { get; init; }

    /// <summary>The bytes that were signed, then the signature: what travels and is kept.</summary>
    public required ReadOnlyMemory<byte> Encoded { get; init; }

    private static ReadOnlySpan<byte> Context => "SigmaComms/1 announcement"u8;

    /// <summary>Signs an announcement with the node's key.</summary>
    /// <param name="nodeKey">The node's key.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="incarnation">The process.</param>
    /// <param name="endpoints">Where it listens, 1 to 8.</param>
    /// <param name="now">The present time.</param>
    /// <param name="random">Randomness of nonce and signature.</param>
    /// <param name="nonce">The announcement's number; a random one if none is given.</param>
    /// <exception cref="ArgumentException">The endpoints are over their limits.</exception>
    public static NodeAnnouncement Sign(
        MlDsa65SigningKey nodeKey,
        ClusterId cluster,
        ulong incarnation,
        IReadOnlyList<NodeEndpoint> endpoints,
        DateTimeOffset now,
        IRandomSource random,
        Digest16? nonce = null)
    {
        ArgumentNullException.ThrowIfNull(nodeKey);
        ArgumentNullException.ThrowIfNull(endpoints);
        WireWriter writer = new WireWriter(8 * 1024).U8(Version);
        LinkWire.Write(writer, cluster.Value);
        writer.Digest(nodeKey.Id.Value).U64(incarnation);
        LinkWire.WriteList(writer, endpoints, static (w, endpoint) => endpoint.Write(w));
        writer.U64((ulong)now.UtcTicks);
        LinkWire.Write(writer, nonce ?? Digest16.Random(random));
        writer.Opaque16(nodeKey.Sign(writer.Written, Context, random));
        return TryDecode(writer.ToArray(), out NodeAnnouncement? announcement)
            ? announcement!
            : throw new ArgumentException("An endpoint is over its limit.", nameof(endpoints));
    }

    /// <summary>Reads an announcement from untrusted bytes. Does not verify the signature.</summary>
    /// <param name="encoded">The bytes; kept, not copied.</param>
    /// <param name="announcement">The announcement, or null.</param>
    /// <returns>False if the bytes are anything else.</returns>
    public static bool TryDecode(ReadOnlyMemory<byte> encoded, out NodeAnnouncement? announcement)
    {
        announcement = null;
        var reader = new WireReader(encoded.Span);
        byte version = reader.U8();
        var cluster = new ClusterId(LinkWire.Digest16(ref reader));
        var node = new NodeId(reader.Digest());
        ulong incarnation = reader.U64();
        IReadOnlyList<NodeEndpoint> endpoints =
            LinkWire.ReadList(ref reader, LinkLimits.EndpointsPerNode, NodeEndpoint.Read);
        ulong utcTicks = reader.U64();
        Digest16 nonce = LinkWire.Digest16(ref reader);
        int signature = reader.Opaque16(MlDsa65.SignatureSize).Length;
        if (!reader.AtEnd || version != Version || signature != MlDsa65.SignatureSize || endpoints.Count == 0
            || incarnation == 0 || encoded.Length > LinkLimits.AnnouncementBytes
            || utcTicks > (ulong)DateTimeOffset.MaxValue.UtcTicks)
        {
            return false;
        }

        announcement = new NodeAnnouncement
        {
            Cluster = cluster,
            Node = node,
            Incarnation = incarnation,
            Endpoints = endpoints,
            SignedAt = new DateTimeOffset((long)utcTicks, TimeSpan.Zero),
            Nonce = nonce,
            Encoded = encoded,
        };
        return true;
    }

    /// <summary>Whether the node with this key signed it.</summary>
    /// <param name="nodePublicKey">The node's ML-DSA-65 public key; its hash must be <see cref="Node"/>.</param>
    public bool Verify(ReadOnlySpan<byte> nodePublicKey)
    {
        ReadOnlySpan<byte> bytes = Encoded.Span;
        int signed = bytes.Length - MlDsa65.SignatureSize - sizeof(ushort);
        return NodeId.Of(nodePublicKey) == Node
            && MlDsa65.Verify(nodePublicKey, bytes[..signed], Context, bytes[^MlDsa65.SignatureSize..]);
    }
}
