using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Cluster.Control.Transfer;

/// <summary>
/// The bytes of a snapshot: the last final block's header, what binds all blocks before, and the ledger after it.
/// Byte table: docs/formats/control-log-blocks.md.
/// </summary>
internal static class SnapshotContent
{
    private const byte FormatVersion = 1;

    /// <summary>The bytes of a snapshot, part by part; equal states make equal bytes.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> PartsOf(Foundation foundation)
    {
        WireWriter head = new WireWriter(1 << 12).U8(FormatVersion);
        foundation.Header.WriteTo(head);
        foundation.History.WritePeaks(head);
        return foundation.Ledger.SnapshotParts().Prepend(head.WrittenMemory);
    }

    /// <summary>Reads a snapshot. Never throws.</summary>
    /// <param name="machines">The state machines of the log.</param>
    /// <param name="bytes">The bytes; a peer's perhaps.</param>
    /// <param name="stateRoot">The root that the ledger must have.</param>
    /// <param name="foundation">The snapshot, or null.</param>
    /// <returns>False unless the bytes are a snapshot with this root.</returns>
    public static bool TryDecode(
        IReadOnlyList<IMachine> machines,
        ReadOnlyMemory<byte> bytes,
        Digest stateRoot,
        [NotNullWhen(true)] out Foundation? foundation)
    {
        foundation = null;
        var reader = new WireReader(bytes.Span);
        bool isKnown = reader.U8() == FormatVersion;
        BlockHeader header = BlockHeader.Read(ref reader);
        if (!isKnown || reader.Failed || !MountainRange.TryReadPeaks(ref reader, out MountainRange? history)
            || !Ledger.TryRestore(machines, bytes[^reader.Remaining..], stateRoot, out Ledger? ledger))
        {
            return false;
        }

        bool fits = history.Count == header.Height.Value + 1
            && ledger.Validators.Epoch == (header.IsEpochEnd ? header.Epoch.Next : header.Epoch);
        foundation = fits ? new Foundation(header, ledger, history) : null;
        return fits;
    }
}
