using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cluster.Control.Blocks;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Cluster.Control.Transfer;

/// <summary>
/// The bytes of messages between hosts: u8 number from 64 | fields; below 64 are the core's. Byte table:
/// docs/formats/control-log.md.
/// </summary>
internal static class HostMessageCodec
{
    /// <summary>The first number of these messages.</summary>
    public const byte FirstNumber = 64;

    /// <summary>The most bytes of a part: 512 KiB.</summary>
    public const int PartSizeMax = 512 * 1024;

    /// <summary>The most hand-overs of one message: 64.</summary>
    public const int HandoversMax = 64;

    private const byte ReadAsked = 64;
    private const byte ReadSaid = 65;
    private const byte SnapshotHinted = 66;
    private const byte SnapshotAsked = 67;
    private const byte SnapshotOffered = 68;
    private const byte PartAsked = 69;
    private const byte PartFound = 70;
    private const byte HandoversFound = 71;

    /// <summary>Whether bytes are of this kind of message, by their number.</summary>
    public static bool IsHostMessage(ReadOnlySpan<byte> bytes) => bytes.Length > 0 && bytes[0] >= FirstNumber;

    /// <summary>Encodes a message.</summary>
    public static byte[] Encode(HostMessage message)
    {
        WireWriter writer = new();
        switch (message)
        {
            case HostMessage.ReadAsked m:
                writer.U8(ReadAsked).U64(m.Nonce);
                break;
            case HostMessage.ReadSaid m:
                writer.U8(ReadSaid).U64(m.Nonce).U64(m.Epoch.Value).U64(m.View.Value).Flag(m.Certificate is not null);
                m.Certificate?.WriteTo(writer);
                break;
            case HostMessage.SnapshotHinted m:
                writer.U8(SnapshotHinted).U64(m.Height.Value);
                break;
            case HostMessage.SnapshotAsked m:
                writer.U8(SnapshotAsked).U64(m.Epoch.Value);
                break;
            case HostMessage.SnapshotOffered m:
                Write(writer.U8(SnapshotOffered), m.Offer);
                break;
            case HostMessage.HandoversFound m:
                Write(writer.U8(HandoversFound), m.Handovers);
                break;
            case HostMessage.PartAsked m:
                writer.U8(PartAsked).Digest(m.Snapshot).U16(m.Chunk).U32(m.Offset);
                break;
            case HostMessage.PartFound m:
                writer.U8(PartFound).Digest(m.Snapshot).U16(m.Chunk).U32(m.Offset).Opaque24(m.Bytes.Span);
                break;
        }

        return writer.ToArray();
    }

    /// <summary>Reads a message. Never throws.</summary>
    /// <param name="bytes">Untrusted bytes.</param>
    /// <param name="message">The message, or null.</param>
    /// <returns>False if the bytes are not one message in its one form.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out HostMessage? message)
    {
        var reader = new WireReader(bytes);
        HostMessage? read = reader.U8() switch
        {
            ReadAsked => new HostMessage.ReadAsked(reader.U64()),
            ReadSaid => ReadReadSaid(ref reader),
            SnapshotHinted => new HostMessage.SnapshotHinted(new Height(reader.U64())),
            SnapshotAsked => new HostMessage.SnapshotAsked(new Epoch(reader.U64())),
            SnapshotOffered => ReadOffer(ref reader),
            PartAsked => new HostMessage.PartAsked(reader.Digest(), reader.U16(), reader.U32()),
            PartFound => new HostMessage.PartFound(
                reader.Digest(), reader.U16(), reader.U32(), reader.Opaque24(PartSizeMax).ToArray()),
            HandoversFound => TryReadHandovers(ref reader, out List<EpochHandover> handovers) && handovers.Count > 0
                ? new HostMessage.HandoversFound(handovers)
                : null,
            _ => null,
        };
        message = reader.AtEnd ? read : null;
        return message is not null;
    }

    private static HostMessage.ReadSaid? ReadReadSaid(ref WireReader reader)
    {
        ulong nonce = reader.U64();
        Epoch epoch = new(reader.U64());
        View view = new(reader.U64());
        Certificate? certificate = null;
        if (reader.Flag() && !Certificate.TryRead(ref reader, out certificate))
        {
            return null;
        }

        return new HostMessage.ReadSaid(nonce, epoch, view, certificate);
    }

    private static void Write(WireWriter writer, SnapshotOffer offer)
    {
        writer.Opaque24(offer.Manifest.Encode());
        offer.Child.WriteTo(writer);
        offer.Finality.WriteTo(writer);
        Write(writer, offer.Handovers);
    }

    private static void Write(WireWriter writer, IReadOnlyList<EpochHandover> handovers)
    {
        writer.U8((byte)handovers.Count);
        foreach (EpochHandover handover in handovers)
        {
            handover.WriteTo(writer);
        }
    }

    private static HostMessage.SnapshotOffered? ReadOffer(ref WireReader reader)
    {
        if (!SnapshotManifest.TryDecode(
            reader.Opaque24(SnapshotManifest.EncodedSizeMax), out SnapshotManifest? manifest))
        {
            return null;
        }

        BlockHeader child = BlockHeader.Read(ref reader);
        if (!FinalityProof.TryRead(ref reader, out FinalityProof? finality))
        {
            return null;
        }

        return TryReadHandovers(ref reader, out List<EpochHandover> handovers)
            ? new HostMessage.SnapshotOffered(new SnapshotOffer(manifest, child, finality, handovers))
            : null;
    }

    private static bool TryReadHandovers(ref WireReader reader, out List<EpochHandover> handovers)
    {
        handovers = [];
        int count = reader.U8();
        for (int i = 0; i < count && count <= HandoversMax; i++)
        {
            if (!EpochHandover.TryRead(ref reader, out EpochHandover? handover))
            {
                return false;
            }

            handovers.Add(handover);
        }

        return !reader.Failed && handovers.Count == count;
    }
}
