using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>A node that keeps fragments.</summary>
/// <param name="Id">The node.</param>
/// <param name="Name">Its name for people; empty if the answering node does not know it.</param>
/// <param name="Endpoint">Where it listens, host:port; empty if the answering node does not know it.</param>
/// <param name="Zone">What fails together with it; empty where nobody cares.</param>
/// <param name="Weight">Its share of the fragments, 1 to <see cref="WeightMax"/>.</param>
/// <param name="CapacityBytes">What it has room for altogether; 0 if unknown.</param>
/// <param name="FreeBytes">What it has room for still; 0 if unknown.</param>
public sealed record StorageNodeStatus(
    NodeId Id, string Name, string Endpoint, string Zone, uint Weight, ulong CapacityBytes, ulong FreeBytes)
{
    /// <summary>The largest weight: 1,000,000.</summary>
    public const uint WeightMax = 1_000_000;

    internal void Write(WireWriter writer)
    {
        writer.Digest(Id.Value);
        LinkWire.Write(writer, Name);
        LinkWire.Write(writer, Endpoint);
        LinkWire.Write(writer, Zone);
        writer.U32(Weight).U64(CapacityBytes).U64(FreeBytes);
    }

    internal static StorageNodeStatus Read(ref WireReader reader)
    {
        var read = new StorageNodeStatus(
            new NodeId(reader.Digest()),
            LinkWire.Text(ref reader, LinkLimits.NameBytes),
            LinkWire.Text(ref reader, LinkLimits.EndpointBytes),
            LinkWire.Text(ref reader, LinkLimits.NameBytes),
            reader.U32(),
            reader.U64(),
            reader.U64());
        if (read.Weight is 0 or > WeightMax)
        {
            reader.Fail();
        }

        return read;
    }
}
