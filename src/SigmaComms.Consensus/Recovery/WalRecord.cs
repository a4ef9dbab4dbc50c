using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Recovery;

/// <summary>What a replica must find again after a crash. The write-ahead log keeps its bytes unread.</summary>
public abstract record WalRecord
{
    private WalRecord()
    {
    }

    /// <summary>A ballot of this replica; durable before it is signed.</summary>
    /// <param name="Ballot">What was said.</param>
    public sealed record OwnBallot(Ballot Ballot) : WalRecord;

    /// <summary>A certificate; durable before the view that it opens is acted in.</summary>
    /// <param name="Certificate">The certificate, verified.</param>
    public sealed record CertificateHeld(Certificate Certificate) : WalRecord;

    /// <summary>A block; durable before this replica proposes, notarizes or finalizes it.</summary>
    /// <param name="Block">The block.</param>
    public sealed record BlockHeld(Block Block) : WalRecord;

    /// <summary>A block is final, and so are its ancestors; they and the finalization stand before.</summary>
    /// <param name="Epoch">The epoch.</param>
    /// <param name="View">The view of the finalization.</param>
    /// <param name="Block">The block.</param>
    public sealed record Finalized(Epoch Epoch, View View, Digest Block) : WalRecord;

    /// <summary>An epoch began.</summary>
    /// <param name="Epoch">The epoch.</param>
    /// <param name="First">The block that it begins from.</param>
    public sealed record EpochStarted(Epoch Epoch, Digest First) : WalRecord;

    /// <summary>A snapshot is whole on disk.</summary>
    /// <param name="Height">The height of its last block.</param>
    /// <param name="Block">That block's digest.</param>
    /// <param name="Manifest">What the host needs to find and check it; at most 65,535 bytes.</param>
    public sealed record SnapshotTaken(Height Height, Digest Block, ReadOnlyMemory<byte> Manifest) : WalRecord;

    /// <summary>The number of the record's type; the first byte of its encoding.</summary>
    public WalRecordType Type => this switch
    {
        OwnBallot => WalRecordType.OwnBallot,
        CertificateHeld => WalRecordType.CertificateHeld,
        BlockHeld => WalRecordType.BlockHeld,
        Finalized => WalRecordType.Finalized,
        EpochStarted => WalRecordType.EpochStarted,
        _ => WalRecordType.SnapshotTaken,
    };

    /// <summary>Encodes the record: u8 type | content.</summary>
    public byte[] Encode()
    {
        WireWriter writer = new WireWriter().U8((byte)Type);
        switch (this)
        {
            case OwnBallot record:
                record.Ballot.WriteTo(writer);
                break;
            case CertificateHeld record:
                record.Certificate.WriteTo(writer);
                break;
            case BlockHeld record:
                record.Block.WriteTo(writer);
                break;
            case Finalized record:
                writer.U64(record.Epoch.Value).U64(record.View.Value).Digest(record.Block);
                break;
            case EpochStarted record:
                writer.U64(record.Epoch.Value).Digest(record.First);
                break;
            case SnapshotTaken record:
                writer.U64(record.Height.Value).Digest(record.Block).Opaque16(record.Manifest.Span);
                break;
        }

        return writer.ToArray();
    }

    /// <summary>Reads a record. Never throws.</summary>
    /// <param name="bytes">The record's bytes.</param>
    /// <param name="record">The record, or null.</param>
    /// <returns>False if the bytes are not one record in its one form.</returns>
    public static bool TryDecode(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out WalRecord? record)
    {
        var reader = new WireReader(bytes.Span);
        WalRecord? read = Read(ref reader, bytes);
        record = reader.AtEnd ? read : null;
        return record is not null;
    }

    private static WalRecord? Read(ref WireReader reader, ReadOnlyMemory<byte> bytes) =>
        (WalRecordType)reader.U8() switch
        {
            WalRecordType.OwnBallot => new OwnBallot(Ballot.Read(ref reader)),
            WalRecordType.CertificateHeld => Certificate.TryRead(ref reader, out Certificate? held)
                ? new CertificateHeld(held) : null,
            WalRecordType.BlockHeld => Block.TryRead(ref reader, bytes, out Block? block)
                ? new BlockHeld(block) : null,
            WalRecordType.Finalized => new Finalized(
                new Epoch(reader.U64()), new View(reader.U64()), reader.Digest()),
            WalRecordType.EpochStarted => new EpochStarted(new Epoch(reader.U64()), reader.Digest()),
            WalRecordType.SnapshotTaken => new SnapshotTaken(
                new Height(reader.U64()), reader.Digest(), reader.Opaque16().ToArray()),
            _ => null,
        };
}
