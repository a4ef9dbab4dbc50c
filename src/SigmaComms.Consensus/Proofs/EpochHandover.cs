using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Proofs;

/// <summary>
/// Shows who votes in the next epoch to somebody who knows who votes in this one: the block that ends this one, its
/// finalization, and the part of the state that names the next validators. Byte table: docs/formats/ledger-proofs.md.
/// </summary>
/// <param name="Header">The block that ends the epoch.</param>
/// <param name="Finality">Shows that it is final.</param>
/// <param name="Opening">The parts of its state root.</param>
/// <param name="Next">The next validators.</param>
public sealed record EpochHandover(
    BlockHeader Header, FinalityProof Finality, StateOpening Opening, ValidatorSet Next)
{
    /// <summary>Writes the hand-over.</summary>
    /// <param name="writer">Receives it.</param>
    public void WriteTo(WireWriter writer)
    {
        Header.WriteTo(writer);
        Finality.WriteTo(writer);
        Opening.WriteTo(writer);
        ValidatorSetEncoding.Write(writer, Next);
    }

    /// <summary>Reads a hand-over without verifying it; the reader fails if there is none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    /// <param name="handover">The hand-over, or null.</param>
    /// <returns>False, with a failed reader, if the bytes are no hand-over.</returns>
    public static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out EpochHandover? handover)
    {
        BlockHeader header = BlockHeader.Read(ref reader);
        handover = FinalityProof.TryRead(ref reader, out FinalityProof? finality)
            && StateOpening.TryRead(ref reader, out StateOpening? opening)
            && ValidatorSetEncoding.TryRead(ref reader, out ValidatorSet? next)
            ? new EpochHandover(header, finality, opening, next)
            : null;
        return handover is not null;
    }
}
