using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Blocks;

/// <summary>
/// Shows that a block of the log is final: a finalization of the block or of a descendant, and the headers that lead
/// from the block to that descendant. A closing block may stand among the descendants; it is itself no block of the
/// log. The signatures are verified apart from the form.
/// </summary>
/// <param name="Certificate">The finalization.</param>
/// <param name="Descendants">The headers after the block up to the certified one; none if it is certified.</param>
public sealed record FinalityProof(Certificate Certificate, IReadOnlyList<BlockHeader> Descendants)
{
    /// <summary>The most headers between a block and the finalization that makes it final: 1,024.</summary>
    public const int DescendantsMax = 1_024;

    /// <summary>
    /// Whether the headers lead from a block of the log to a finalization by a quorum; never from a closing block.
    /// </summary>
    /// <param name="block">The block.</param>
    /// <param name="validators">Its epoch's validators.</param>
    public bool Leads(BlockHeader block, ValidatorSet validators)
    {
        if (block.IsClosing || block.Epoch != validators.Epoch)
        {
            return false;
        }

        BlockHeader last = block;
        Digest digest = block.ComputeDigest();
        foreach (BlockHeader header in Descendants)
        {
            if (header.Parent != digest || header.Epoch != block.Epoch || header.Height != last.Height.Next
                || header.IsClosing != (last.IsEpochEnd || last.IsClosing))
            {
                return false;
            }

            last = header;
            digest = header.ComputeDigest();
        }

        return Certificate.Kind == BallotKind.Finalize && Certificate.Block == digest
            && Certificate.IsQuorumOf(validators);
    }

    /// <summary>Writes the proof.</summary>
    /// <param name="writer">Receives it.</param>
    public void WriteTo(WireWriter writer)
    {
        Certificate.WriteTo(writer);
        writer.U16(checked((ushort)Descendants.Count));
        foreach (BlockHeader header in Descendants)
        {
            header.WriteTo(writer);
        }
    }

    /// <summary>Reads a proof; the reader fails if there is none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    /// <param name="proof">The proof, or null.</param>
    /// <returns>False, with a failed reader, if the bytes are no proof.</returns>
    public static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out FinalityProof? proof)
    {
        proof = null;
        if (!Certificate.TryRead(ref reader, out Certificate? certificate))
        {
            return false;
        }

        int count = reader.U16();
        if (reader.Failed || count > DescendantsMax || reader.Remaining < count * BlockHeader.EncodedSize)
        {
            reader.Fail();
            return false;
        }

        var headers = new BlockHeader[count];
        for (int i = 0; i < count; i++)
        {
            headers[i] = BlockHeader.Read(ref reader);
        }

        proof = reader.Failed ? null : new FinalityProof(certificate, headers);
        return proof is not null;
    }
}
