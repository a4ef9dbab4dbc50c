using System.Text;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Blocks;

/// <summary>All that is agreed on of a block; its hash names it. Byte table: docs/formats/control-log.md.</summary>
/// <param name="Epoch">The epoch whose validators agree on it.</param>
/// <param name="View">The view in which its leader proposed it; 0 only of the genesis.</param>
/// <param name="Height">One more than the parent's.</param>
/// <param name="Parent">The parent's digest.</param>
/// <param name="ParentView">The parent's view; 0 if the parent is the block that the epoch begins from.</param>
/// <param name="CommandsRoot">The Merkle root over the body's groups.</param>
/// <param name="StateRoot">The root of the ledger after the parent.</param>
/// <param name="HistoryRoot">The Merkle root over the digests of all blocks before this one, the genesis first.</param>
/// <param name="Timestamp">UTC ticks of 100 ns, after the parent's.</param>
/// <param name="IsEpochEnd">Whether the next epoch begins from this block.</param>
/// <param name="IsClosing">
/// Whether the epoch's end is among its ancestors: it is empty, only serves to make the end final, and is no block of
/// the log. The first block of the next epoch has its height.
/// </param>
/// <remarks>
/// Evidence is ordered as commands, so the root of the commands binds it; it has no root of its own.
/// </remarks>
public sealed record BlockHeader(
    Epoch Epoch,
    View View,
    Height Height,
    Digest Parent,
    View ParentView,
    Digest CommandsRoot,
    Digest StateRoot,
    Digest HistoryRoot,
    long Timestamp,
    bool IsEpochEnd,
    bool IsClosing = false)
{
    /// <summary>Bytes of an encoded header: 170.</summary>
    public const int EncodedSize = 1 + (4 * 8) + (4 * Digest.SizeBytes) + 8 + 1;

    private const byte Version = 1;
    private const byte EndsEpoch = 1;
    private const byte ClosesEpoch = 2;

    private static readonly byte[] Domain = Encoding.ASCII.GetBytes("SigmaComms block v1");

    // None is both: the end is not its own descendant.
    private byte PlaceInEpoch => IsEpochEnd ? EndsEpoch : IsClosing ? ClosesEpoch : (byte)0;

    /// <summary>Hashes the header; the result names the block.</summary>
    public Digest ComputeDigest()
    {
        var writer = new WireWriter(Domain.Length + 1 + EncodedSize);
        writer.Opaque8(Domain);
        WriteTo(writer);
        return Digest.Sha256(writer.Written);
    }

    /// <summary>Writes the header.</summary>
    /// <param name="writer">Receives it.</param>
    public void WriteTo(WireWriter writer) => writer
        .U8(Version).U64(Epoch.Value).U64(View.Value).U64(Height.Value).Digest(Parent).U64(ParentView.Value)
        .Digest(CommandsRoot).Digest(StateRoot).Digest(HistoryRoot).U64((ulong)Timestamp).U8(PlaceInEpoch);

    /// <summary>Reads a header; the reader fails if there is none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    public static BlockHeader Read(ref WireReader reader)
    {
        byte version = reader.U8();
        var epoch = new Epoch(reader.U64());
        var view = new View(reader.U64());
        var height = new Height(reader.U64());
        Digest parent = reader.Digest();
        var parentView = new View(reader.U64());
        Digest commandsRoot = reader.Digest();
        Digest stateRoot = reader.Digest();
        Digest historyRoot = reader.Digest();
        ulong timestamp = reader.U64();
        byte place = reader.U8();
        if (version != Version || timestamp > long.MaxValue || place > ClosesEpoch
            || view.Value == ulong.MaxValue || height.Value == ulong.MaxValue)
        {
            reader.Fail();
        }

        return new BlockHeader(
            epoch, view, height, parent, parentView, commandsRoot, stateRoot, historyRoot,
            reader.Failed ? 0 : (long)timestamp, place == EndsEpoch, place == ClosesEpoch);
    }
}
