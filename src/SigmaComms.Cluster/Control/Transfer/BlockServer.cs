using SigmaComms.Cluster.Control.Blocks;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Cluster.Control.Transfer;

/// <summary>Final blocks with what shows that they are final, for peers and clients.</summary>
/// <remarks>
/// The thread that syncs votes shows what is new; any other may read. An answer costs the bytes that it has, one
/// proof, and 170 bytes for each block between them: of those only the header is read.
/// </remarks>
internal sealed class BlockServer(BlockStore blocks)
{
    private const int ServedBytesMax = 560 * 1024;

    private Newest? _newest;

    /// <summary>The last block that is final, and what shows it.</summary>
    public void Show(Height height, FinalityProof proof) => Volatile.Write(ref _newest, new Newest(height, proof));

    /// <summary>Final blocks of one epoch in a row, with what shows that the last one is final.</summary>
    /// <param name="from">The first height.</param>
    /// <param name="countMax">At most so many.</param>
    /// <returns>Null if they are not kept here.</returns>
    public Message.FinalBlocks? Serve(Height from, int countMax)
    {
        if (FindProof(from) is not { } found || found.Height < from)
        {
            return null;
        }

        int count = (int)Math.Min((ulong)countMax, found.Height.Value - from.Value + 1);
        List<Block> served = ReadBlocks(from, count);
        int end = served.FindIndex(block => block.Header.IsEpochEnd);
        if (end >= 0)
        {
            served.RemoveRange(end + 1, served.Count - end - 1);
        }

        if (served.Count == 0 || served[^1].Header.Epoch != found.Proof.Certificate.Epoch
            || DescendantsOf(served[^1].Header.Height, found) is not { } descendants)
        {
            return null;
        }

        return new Message.FinalBlocks(served, new FinalityProof(found.Proof.Certificate, descendants));
    }

    private List<BlockHeader>? DescendantsOf(Height height, Newest found)
    {
        ulong between = found.Height.Value - height.Value;
        if (between + (ulong)found.Proof.Descendants.Count > FinalityProof.DescendantsMax)
        {
            return null;
        }

        List<BlockHeader> descendants = [];
        for (Height at = height.Next; at <= found.Height; at = at.Next)
        {
            if (blocks.ReadHeader(at) is not { } header)
            {
                return null;
            }

            descendants.Add(header);
        }

        descendants.AddRange(found.Proof.Descendants);
        return descendants;
    }

    private List<Block> ReadBlocks(Height from, int countMax)
    {
        List<Block> read = [];
        foreach (byte[] bytes in blocks.ReadRange(from, countMax, ServedBytesMax))
        {
            var reader = new WireReader(bytes);
            if (!Block.TryRead(ref reader, bytes, out Block? block))
            {
                break;
            }

            read.Add(block);
        }

        return read;
    }

    // Kept proofs are sparse; the newest serves what comes after the last of them.
    private Newest? FindProof(Height height)
    {
        Newest? newest = Volatile.Read(ref _newest);
        if (blocks.FindProof(height) is not { } found)
        {
            return newest;
        }

        var reader = new WireReader(found.Proof);
        return FinalityProof.TryRead(ref reader, out FinalityProof? proof) && reader.AtEnd
            ? new Newest(found.Block.Height, proof)
            : newest;
    }

    private sealed record Newest(Height Height, FinalityProof Proof);
}
