using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Simulation.Nodes;

/// <summary>A snapshot: a final block and the state after it, as bytes.</summary>
internal static class FoundationBytes
{
    public static byte[] Encode(Foundation foundation)
    {
        WireWriter writer = new(4_096);
        foundation.Header.WriteTo(writer);
        foundation.History.WritePeaks(writer);
        writer.Digest(foundation.Ledger.Root);
        foundation.Ledger.WriteSnapshot(writer);
        return writer.ToArray();
    }

    /// <summary>Reads one back; null if the bytes are none, or their state has not the root that they name.</summary>
    public static Foundation? Decode(IReadOnlyList<IMachine> machines, ReadOnlyMemory<byte> bytes)
    {
        var reader = new WireReader(bytes.Span);
        BlockHeader header = BlockHeader.Read(ref reader);
        if (!MountainRange.TryReadPeaks(ref reader, out MountainRange? history))
        {
            return null;
        }

        Digest root = reader.Digest();
        int size = reader.Rest().Length;
        return Ledger.TryRestore(machines, bytes[^size..], root, out Ledger? ledger)
            ? new Foundation(header, ledger, history)
            : null;
    }
}
