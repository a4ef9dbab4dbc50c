using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Proofs;

/// <summary>
/// Shows that a block stands in the history of a later one. Byte table: docs/formats/ledger-proofs.md.
/// </summary>
/// <param name="Later">The later block.</param>
/// <param name="InHistory">The earlier block's place among all blocks before the later one.</param>
public sealed record HistoryLink(BlockHeader Later, InclusionProof InHistory)
{
    /// <summary>Whether the link leads from a block to the later one.</summary>
    /// <param name="header">The earlier block.</param>
    public bool Leads(BlockHeader header) =>
        !header.IsClosing && !Later.IsClosing
        && InHistory.Index == header.Height.Value
        && InHistory.Count == Later.Height.Value
        && InHistory.Verify(header.ComputeDigest(), Later.HistoryRoot);

    /// <summary>Writes the link.</summary>
    /// <param name="writer">Receives it.</param>
    public void WriteTo(WireWriter writer)
    {
        Later.WriteTo(writer);
        InHistory.WriteTo(writer);
    }

    /// <summary>Reads a link; the reader fails if there is none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    /// <param name="link">The link, or null.</param>
    /// <returns>False, with a failed reader, if the bytes are no link.</returns>
    public static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out HistoryLink? link)
    {
        BlockHeader later = BlockHeader.Read(ref reader);
        link = InclusionProof.TryRead(ref reader, out InclusionProof? proof) ? new HistoryLink(later, proof) : null;
        return link is not null;
    }
}
